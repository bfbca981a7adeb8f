import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { connect } from "../../../../deployment/rehearsal/cloud.ts";
import { findMoto, startMoto } from "../../../../deployment/rehearsal/moto.ts";
import { operationOf, readCalls } from "../../../../deployment/rehearsal/roles/noted-call.ts";

// The emulator loads a service when it is first called.
const TIMEOUT_MILLISECONDS = 60_000;

const found = findMoto();
if ("missing" in found && process.env["CI"] !== "true") {
  test.skip(`moto is not tested: ${found.missing}`, () => {});
} else {
  test(
    "the emulator notes who called what, with the names in it and without an object's bytes",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "calls-"));
      const file = join(folder, "calls.jsonl");
      const moto = await startMoto(file);
      const { sqs, s3, close } = connect(moto.endpoint, "eu-west-1");
      try {
        expect(await readCalls(file)).toEqual([]);
        await sqs.send(new CreateQueueCommand({ QueueName: "noted" }));
        await s3.send(new CreateBucketCommand({ Bucket: "noted" }));
        await s3.send(new PutObjectCommand({ Bucket: "noted", Key: "a/b", Body: "not to be noted" }));
        const calls = await readCalls(file);
        const common = { accessKey: "rehearsal", region: "eu-west-1" };
        expect(calls).toMatchObject([
          { ...common, service: "sqs", method: "POST", parameters: { QueueName: "noted" } },
          { ...common, service: "s3", method: "PUT", parameters: {} },
          { ...common, service: "s3", method: "PUT", parameters: {} },
        ]);
        expect(calls.map(operationOf)).toEqual(["CreateQueue", "", ""]);
        expect(calls[2]?.url).toMatch(/^\/noted\/a\/b(\?|$)/);
        expect(JSON.stringify(calls)).not.toContain("not to be noted");
      } finally {
        close();
        await moto.stop();
        await rm(folder, { recursive: true, force: true });
      }
    },
    TIMEOUT_MILLISECONDS,
  );
}
