import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { RunReport } from "../../simulation/run.ts";
import { TWIN_EVENTS, twinEvent, twinSettings, twinStatus } from "../../simulation/twin.ts";
import { flood } from "../support/flood.ts";
import { quickInput } from "../support/local-run.ts";
import { proof } from "../support/proof.ts";
import { REPOSITORY } from "../support/repository.ts";
import { all, drained } from "../support/watch.ts";

const given = proof({ ...quickInput, ...twinSettings });

/** What became of the events, by class, and how many requests that took. */
interface Outcomes {
  readonly delivered: number;
  readonly deadLetters: Readonly<Record<string, number>>;
  readonly requests: number;
}

test("the same events with real processes and in virtual time: the same outcomes by class, and as many requests", async () => {
  const { run, destination } = given;
  destination.answer = ({ headers }) => ({ status: twinStatus(String(headers["x-event-type"])) });
  const events = Array.from({ length: TWIN_EVENTS }, (_, number) =>
    Buffer.from(JSON.stringify(twinEvent(number))),
  );
  await flood(run, events);
  const settled = () => all(run, "delivered").length + all(run, "deadLettered").length;
  if (settled() < TWIN_EVENTS) await run.runEvents.until(() => settled() === TWIN_EVENTS);
  await drained(run);
  const deadLetters = (name: string) =>
    all(run, "deadLettered").filter(({ fields }) => fields["class"] === name).length;
  const real: Outcomes = {
    delivered: all(run, "delivered").length,
    deadLetters: { permanent: deadLetters("permanent"), exhausted: deadLetters("exhausted") },
    requests: destination.requests.filter(({ method }) => method === "POST").length,
  };
  expect(real).toEqual(await simulated());
});

async function simulated(): Promise<Outcomes> {
  const args = ["--scenario", "as-the-local-run", "--seed", "1", "--json"];
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(REPOSITORY, "simulation/main.ts"), ...args],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [said] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const { judgement } = JSON.parse(said) as RunReport;
  return {
    delivered: judgement.delivered,
    deadLetters: { ...judgement.deadLettersByClass },
    requests: judgement.requests,
  };
}
