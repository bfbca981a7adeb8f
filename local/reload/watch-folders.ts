import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";

/** Milliseconds without another change: an editor, or git, writes several files one after the other. */
const QUIET = 150;

/**
 * Calls back, one call at a time, when files in the folders, or in folders of theirs, have changed and nothing follows
 * for a moment. Every folder is watched by itself: Node's own `recursive` no longer sees, on Linux, a file that an
 * editor has replaced.
 *
 * @returns what stops it, and waits for the call that is under way
 */
export function watchFolders(folders: readonly string[], onChange: () => Promise<void>): () => Promise<void> {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let underway = Promise.resolve();
  let stopped = false;

  const call = () => {
    watchAll(); // a new folder has come, perhaps
    underway = underway.then(() => (stopped ? undefined : onChange()));
  };
  const changed = () => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(call, QUIET);
  };
  const forget = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const watchAll = () => {
    const there = new Set(folders.flatMap(foldersIn));
    for (const folder of watchers.keys()) if (!there.has(folder)) forget(folder);
    for (const folder of there) {
      if (!watchers.has(folder)) {
        watchers.set(
          folder,
          watch(folder, changed).on("error", () => forget(folder)),
        );
      }
    }
  };

  watchAll();
  return () => {
    stopped = true;
    clearTimeout(timer);
    for (const folder of [...watchers.keys()]) forget(folder);
    return underway;
  };
}

/** A folder and all that lie in it, at any depth; none where it is gone. */
function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return [
      folder,
      ...entries.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name)),
    ];
  } catch {
    return [];
  }
}
