import { readFile } from "node:fs/promises";
import { defined } from "../../contract/defined.ts";
import { code } from "./escape.ts";

/**
 * `npm run plan:comment -- <environment> <report>`: puts a report on a pull request. There is one comment for
 * each environment: the next report takes the place of the last.
 *
 * Everything else comes from the environment, as GitHub Actions gives it: `GITHUB_API_URL`,
 * `GITHUB_REPOSITORY`, `GITHUB_TOKEN` (pull-requests: write); `PULL_REQUEST`, its number, and `PLANNED_COMMIT`.
 */

const PAGE = 100;

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user?: { readonly type?: string };
}

class CommentError extends Error {}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "")
    throw new CommentError(`${name} is not set: this runs in GitHub Actions.`);
  return value;
}

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const url = `${variable("GITHUB_API_URL")}/repos/${variable("GITHUB_REPOSITORY")}/${path}`;
  const response = await fetch(url, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${variable("GITHUB_TOKEN")}`,
      "x-github-api-version": "2022-11-28",
    },
    ...defined({ body: body === undefined ? undefined : JSON.stringify(body) }),
  });
  if (!response.ok) {
    const remedy = response.status === 403 ? " The job needs pull-requests: write." : "";
    throw new CommentError(`GitHub answered ${response.status} to ${method} ${path}.${remedy}`);
  }
  return (await response.json()) as T;
}

/** The comment that begins with the mark, and is a workflow's: anybody can write the mark. */
async function find(pullRequest: string, mark: string): Promise<Comment | undefined> {
  for (let page = 1; ; page += 1) {
    const path = `issues/${pullRequest}/comments?per_page=${PAGE}&page=${page}`;
    const comments = await call<readonly Comment[]>("GET", path);
    const found = comments.find(({ body, user }) => user?.type === "Bot" && body?.startsWith(mark));
    if (found !== undefined || comments.length < PAGE) return found;
  }
}

async function main(environment: string | undefined, file: string | undefined): Promise<void> {
  if (environment === undefined || file === undefined) {
    throw new CommentError("Usage: npm run plan:comment -- <environment> <report>");
  }
  const pullRequest = variable("PULL_REQUEST");
  if (!/^\d+$/.test(pullRequest)) throw new CommentError("PULL_REQUEST is not a number.");
  const report = await readFile(file, "utf8").catch(() => {
    throw new CommentError(`${file} cannot be read: the plan has left no report.`);
  });
  const mark = `<!-- plan of ${environment} -->`;
  const body = `${mark}\n${report}\nCommit ${code(variable("PLANNED_COMMIT").slice(0, 12))}\n`;
  const comment = await find(pullRequest, mark);
  if (comment === undefined) await call("POST", `issues/${pullRequest}/comments`, { body });
  else await call("PATCH", `issues/comments/${comment.id}`, { body });
  process.stdout.write(
    `${comment === undefined ? "Commented on" : "Updated the comment on"} #${pullRequest}.\n`,
  );
}

try {
  await main(...(process.argv.slice(2) as [string?, string?]));
} catch (error) {
  if (!(error instanceof CommentError) && !(error instanceof TypeError)) throw error;
  const reason = error instanceof TypeError ? "GitHub is not in reach." : error.message;
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}
