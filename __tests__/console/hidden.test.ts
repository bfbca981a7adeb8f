import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { jest } from "@jest/globals";
import { findEnvironment } from "../../cli/environment/find.ts";
import { listenConsole } from "../../console/server/listen.ts";
import { inBrowser, openTab } from "../support/browser.ts";
import { startDeadLetters } from "../support/dead-letters.ts";
import { forEachTest } from "../support/hooks.ts";

jest.setTimeout(60_000);

inBrowser("a dead letter that somebody else looks at", (browser) => {
  const deadLetters = forEachTest(startDeadLetters);
  const served = forEachTest(() =>
    listenConsole({ environment: () => findEnvironment({ data: deadLetters.folder }) }),
  );

  test("is shown when it is to be seen again, unasked", async () => {
    await deadLetters.put("{}", {}, "order.hidden");
    const { sqs, deadLetterQueueUrl: QueueUrl } = deadLetters.cloud;
    await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 8 }));
    const { page } = await openTab(browser);
    await page.goto(served.url);
    await page.getByText("No dead letters.").waitFor();
    await page.locator(".causes tr", { hasText: "order.hidden" }).waitFor();
    await page.context().close();
  });
});
