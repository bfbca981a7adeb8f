import { createHash, createHmac, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { chmod, mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Endpoint } from "./endpoint.ts";
import type { Token } from "./grant.ts";

/** Milliseconds before its end from which a token is not used any more; a tenth of what is left, if that is less. */
const MARGIN = 60_000;

/** Rights of anybody but the owner. */
const OTHERS = 0o077;

/** One token, in a file that only its owner reads. What goes wrong here costs a request, never the command. */
export class TokenCache {
  readonly file: string;
  readonly #folder: string;
  /** What the token is for. */
  readonly #about: string;
  readonly #warn: (text: string) => void;

  /** @param folder @default XDG's cache folder */
  constructor(
    { apiUrl, tokenUrl }: Endpoint,
    clientId: string,
    warn: (text: string) => void,
    folder = join(cacheHome(), "genesys-dlq"),
  ) {
    this.#about = [apiUrl, tokenUrl, clientId].join("\n");
    const key = createHash("sha256").update(this.#about).digest("hex");
    this.#folder = folder;
    this.file = join(folder, `token-${key.slice(0, 32)}.json`);
    this.#warn = warn;
  }

  /**
   * The token, if it is good for a while yet, and was granted for this very secret: one that is wrong must not be hidden
   * by what another one got. A token that others could have read is thrown away.
   */
  async read(now: number, clientSecret: string): Promise<Token | undefined> {
    let file: Awaited<ReturnType<typeof open>>;
    try {
      file = await open(this.file, constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch {
      return undefined;
    }
    try {
      const { mode, uid } = await file.stat();
      if ((mode & OTHERS) !== 0 || uid !== process.getuid?.()) {
        this.#warn("The cached token could be read by others: it is thrown away, and a new one asked for.");
        await this.forget();
        return undefined;
      }
      const token = JSON.parse(await file.readFile("utf8")) as Partial<
        Token & { readonly grantedAt: number; readonly grantedFor: string }
      >;
      const { accessToken, expiresAt, grantedAt, grantedFor } = token;
      if (grantedFor !== this.#fingerprint(clientSecret)) return undefined;
      if (typeof accessToken !== "string" || typeof expiresAt !== "number") return undefined;
      const margin = Math.min(MARGIN, (expiresAt - (grantedAt ?? 0)) / 10);
      return expiresAt - margin > now ? { accessToken, expiresAt } : undefined;
    } catch {
      return undefined; // half a file, or not ours: as if there were none
    } finally {
      await file.close();
    }
  }

  /** Keeps the token. Whoever reads meanwhile sees the old file or the new one, whole. */
  async write(token: Token, now: number, clientSecret: string): Promise<void> {
    const kept = { ...token, grantedAt: now, grantedFor: this.#fingerprint(clientSecret) };
    const draft = `${this.file}.${randomUUID()}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      if (((await stat(this.#folder)).mode & OTHERS) !== 0) await chmod(this.#folder, 0o700);
      await writeFile(draft, JSON.stringify(kept), { mode: 0o600, flag: "wx" });
      await rename(draft, this.file);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {});
      this.#warn(`The token is not kept for the next command (${(error as NodeJS.ErrnoException).code}).`);
    }
  }

  /** Tells two secrets apart, and gives neither away: a hash with the secret as its key. */
  #fingerprint(clientSecret: string): string {
    return createHmac("sha256", clientSecret).update(this.#about).digest("hex");
  }

  /** Deletes it. */
  async forget(): Promise<void> {
    await rm(this.file, { force: true });
  }
}

/** A relative path is to be ignored, by XDG's own rules. */
function cacheHome(): string {
  const given = process.env["XDG_CACHE_HOME"];
  return given !== undefined && isAbsolute(given) ? given : join(homedir(), ".cache");
}
