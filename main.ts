import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** What V8 and Node have made of the code, each file under its hash; git ignores it. */
const COMPILED = "node_modules/.cache/genesys-dlq/compiled";

/** esbuild lives for half a second: it takes that long again to clean up memory that nobody needs. */
const UNCOLLECTED = { GOGC: "off", GOMEMLIMIT: "1GiB" };

async function main(): Promise<void> {
  const root = import.meta.dirname;
  const options = { output: { type: "string" }, "source-maps": { type: "string" } } as const;
  const { output, "source-maps": sourceMaps } = parseArgs({ options }).values;
  try {
    const { synthesise } = await import("./infra/synthesise.ts");
    await synthesise({ root, output, sourceMaps });
  } catch (error) {
    const { explainError } = await import("./infra/explain-error.ts");
    process.stderr.write(`${await explainError(error, root)}\n`);
    process.exitCode = 1;
  }
}

enableCompileCache(join(import.meta.dirname, COMPILED)); // before anything is loaded
Object.assign(process.env, UNCOLLECTED);
await main();
