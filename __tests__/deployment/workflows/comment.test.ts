import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { REPOSITORY, type Run } from "../../support/repository.ts";
import { removeDirectory, temporaryDirectory } from "../../support/terraform.ts";

const TOKEN = "a-token-that-nobody-may-see";
const MARK = "<!-- plan of staging -->";

interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly type: string };
}

let directory: string;
let server: Server;
let comments: Comment[];
let refused: number | undefined;
let authorizations: Set<string | undefined>;

/** As much of GitHub's REST API as comments on a pull request need, with pages of 100. */
beforeAll(async () => {
  directory = await temporaryDirectory();
  await writeFile(join(directory, "plan.md"), "## Plan\n");
  server = createServer(async (request, response) => {
    authorizations.add(request.headers.authorization);
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (refused !== undefined) return answer(refused, { message: "no" });
    const url = new URL(request.url ?? "", "http://github");
    const sent = JSON.parse((await request.setEncoding("utf8").toArray()).join("") || "{}") as {
      body: string;
    };
    const id = Number(/\/repos\/team\/events\/issues\/comments\/(\d+)$/.exec(url.pathname)?.[1]);
    if (url.pathname === "/repos/team/events/issues/7/comments") {
      const page = Number(url.searchParams.get("page"));
      if (request.method === "GET") return answer(200, comments.slice((page - 1) * 100, page * 100));
      comments.push({ id: comments.length + 1, body: sent.body, user: { type: "Bot" } });
      return answer(201, {});
    }
    const found = comments.find((comment) => comment.id === id);
    if (request.method !== "PATCH" || !found) return answer(404, {});
    found.body = sent.body;
    return answer(200, {});
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await removeDirectory(directory);
});
beforeEach(() => {
  comments = [];
  refused = undefined;
  authorizations = new Set();
});

function comment(args: readonly string[] = ["staging", join(directory, "plan.md")], env = {}): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["deployment/review/comment.ts", ...args],
      {
        cwd: REPOSITORY,
        env: {
          NODE_OPTIONS: "--disable-warning=ExperimentalWarning",
          GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          GITHUB_REPOSITORY: "team/events",
          GITHUB_TOKEN: TOKEN,
          PLANNED_COMMIT: "0123456789abcdef0123",
          PULL_REQUEST: "7",
          ...env,
        },
      },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

test("comments once, and the next report takes the place of the last", async () => {
  expect(await comment()).toEqual({ code: 0, stdout: "Commented on #7.\n", stderr: "" });
  await writeFile(join(directory, "next.md"), "## Next plan\n");
  expect(await comment(["staging", join(directory, "next.md")])).toMatchObject({
    stdout: "Updated the comment on #7.\n",
  });
  expect(comments.map(({ body }) => body)).toEqual([`${MARK}\n## Next plan\n\nCommit \`0123456789ab\`\n`]);
  expect([...authorizations]).toEqual([`Bearer ${TOKEN}`]);
});

test("finds its comment on the second page, and leaves those of people and of other environments alone", async () => {
  comments = Array.from({ length: 120 }, (_, i) => ({
    id: i + 1,
    body: i === 110 ? `${MARK}\nold` : "a remark",
    user: { type: i === 110 ? "Bot" : "User" },
  }));
  Object.assign(comments[3] ?? {}, { body: `${MARK}\na person wrote the mark` });
  Object.assign(comments[5] ?? {}, { body: "<!-- plan of production -->", user: { type: "Bot" } });
  expect((await comment()).code).toBe(0);
  expect(comments).toHaveLength(120);
  expect(comments[110]?.body).toContain("## Plan");
  expect(comments.filter(({ body }) => body.includes("## Plan"))).toHaveLength(1);
});

test.each([
  [
    403,
    "GitHub answered 403 to GET issues/7/comments?per_page=100&page=1. The job needs pull-requests: write.\n",
  ],
  [500, "GitHub answered 500 to GET issues/7/comments?per_page=100&page=1.\n"],
])("GitHub's %d is a sentence, without the token", async (status, sentence) => {
  refused = status;
  expect(await comment()).toEqual({ code: 1, stdout: "", stderr: sentence });
});

test.each<[Record<string, string>, readonly string[] | undefined, RegExp]>([
  [{ PULL_REQUEST: "7; rm" }, undefined, /^PULL_REQUEST is not a number\.\n$/],
  [{ GITHUB_TOKEN: "" }, undefined, /^GITHUB_TOKEN is not set: this runs in GitHub Actions\.\n$/],
  [{}, ["staging", "nowhere.md"], /^nowhere\.md cannot be read: the plan has left no report\.\n$/],
  [{}, ["staging"], /^Usage: npm run plan:comment/],
  [{ GITHUB_API_URL: "http://127.0.0.1:1" }, undefined, /^GitHub is not in reach\.\n$/],
])("what is missing is said (%j %j)", async (env, args, sentence) => {
  const { code, stderr } = await comment(args, env);
  expect(stderr).toMatch(sentence);
  expect(code).toBe(1);
});
