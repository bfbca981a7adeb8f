import { spawnSync } from "node:child_process";

/** The interpreter behind this machine's python3, with the SDK that the tutorial uses, or what is missing. */
export function findPython(): { readonly python: string } | { readonly missing: string } {
  const asked = spawnSync("python3", ["-c", "import boto3, urllib3, sys; print(sys.executable)"], {
    encoding: "utf8",
  });
  if (asked.error) return { missing: "python3 is not on the PATH" };
  if (asked.status !== 0) return { missing: "python3 has no boto3 (pip install boto3)" };
  return { python: asked.stdout.trim() };
}
