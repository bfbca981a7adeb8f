import { type FauxqsServer, startFauxqs } from "fauxqs";
import { defined } from "../../contract/defined.ts";

/**
 * The queues and the bucket of the local run: fauxqs, embedded, kept in `dataDirectory` (or in memory where
 * there is none). A port of 0 asks the system for a free one.
 */
export async function startQueuesAndBuckets(options: {
  readonly port?: number;
  readonly region: string;
  readonly dataDirectory?: string;
}): Promise<FauxqsServer> {
  await acceptAstralCharacters();
  return startFauxqs({
    port: options.port ?? 0,
    host: "127.0.0.1",
    logger: false,
    defaultRegion: options.region,
    ...defined({ dataDir: options.dataDirectory }),
  });
}

/**
 * fauxqs 2.4.1 tests a message body by UTF-16 unit and so refuses every character beyond U+FFFF, an emoji
 * for one, which SQS takes. Its pattern object is shared by all its actions; this teaches it SQS's own rule.
 *
 * @throws {Error} when another version of fauxqs has moved the pattern: then this function has to go or to follow.
 */
export async function acceptAstralCharacters(): Promise<void> {
  const types = new URL("./sqs/sqsTypes.js", import.meta.resolve("fauxqs"));
  const { INVALID_MESSAGE_BODY_CHAR: pattern } = (await import(types.href)) as {
    INVALID_MESSAGE_BODY_CHAR?: RegExp;
  };
  if (!(pattern instanceof RegExp)) {
    throw new Error("fauxqs no longer exports INVALID_MESSAGE_BODY_CHAR; see local/cloud/fauxqs.ts.");
  }
  const refused = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
  pattern.test = (text: string) => refused.test(text);
}
