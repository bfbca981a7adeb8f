/** What is longer is no line of ours, and is passed over without being kept. */
const MOST_BYTES = 1_048_576;
const NEWLINE = 10;

/**
 * Lines out of bytes that come in pieces, each line whole. Memory is bounded by the longest line, which is passed over
 * where it is too long for one of ours.
 */
export class LineReader {
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #isTooLong = false;

  /** @param bytes are kept until their line ends: they may not be written over */
  add(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      this.#keep(bytes.subarray(from, end));
      if (!this.#isTooLong) lines.push(Buffer.concat(this.#pieces).toString("utf8"));
      this.reset();
      from = end + 1;
    }
    this.#keep(bytes.subarray(from));
    return lines;
  }

  /** Forgets a line that has begun. */
  reset(): void {
    this.#pieces = [];
    this.#bytes = 0;
    this.#isTooLong = false;
  }

  #keep(piece: Uint8Array): void {
    this.#bytes += piece.length;
    if (this.#bytes > MOST_BYTES) {
      this.#isTooLong = true;
      this.#pieces = [];
    }
    if (!this.#isTooLong && piece.length > 0) this.#pieces.push(piece);
  }
}
