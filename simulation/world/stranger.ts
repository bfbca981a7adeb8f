import { signRequest } from "../../contract/sources/signed-request.ts";
import type { HttpApi } from "../aws/http-api.ts";

/** Somebody who has found the URL and knows no secret: signs well-formed, and wrong. */
export class Stranger {
  readonly #api: HttpApi;
  #requests = 0;

  constructor(api: HttpApi) {
    this.#api = api;
  }

  /** Posts what looks like a webhook. The answer is nobody's. */
  forge(): void {
    const body = Buffer.from(JSON.stringify({ webhookName: "w", forged: ++this.#requests }));
    const proof = { kind: "signature", encoding: "base64" } as const;
    const { headers } = signRequest({ url: "", body }, proof, "no secret of anybody's");
    void this.#api.request({ method: "POST", path: "/webhook", headers, body });
  }
}
