const SENTENCES: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOSPC: ["The disk is full", "Make room, and run it again."],
  EDQUOT: ["Your share of the disk is used up", "Make room, and run it again."],
  EROFS: [
    "The disk cannot be written to",
    "Name a folder of another one, or run it where files can be written.",
  ],
  EACCES: ["This file may not be read or written", "Change its permissions, or name another one."],
  EMFILE: ["Too many files are open on this machine", "Close other programs, or raise the limit: ulimit -n."],
};

/** What a disk refuses, in words; nothing for any other error. */
export function explainDisk(error: unknown): readonly [what: string, remedy: string] | undefined {
  const { code = "", path } = error as NodeJS.ErrnoException;
  const [what, remedy] = SENTENCES[code] ?? [];
  if (what === undefined || remedy === undefined) return undefined;
  return [path === undefined ? `${what}.` : `${what}: ${path}.`, remedy];
}
