/**
 * The rooms of the house, from the ground up, and what each may import beside itself. A room that is missing in
 * another's list is closed to it. docs/architecture.md draws them.
 */
const rooms = {
  contract: [],
  terraform: ["contract"],
  functions: ["contract"],
  infra: ["contract"],
  // The console of a run, by its entry point alone: see below.
  local: ["contract", "terraform", "console/server/local-run\\.ts"],
  // What is deployed comes from a synthesis in a process of its own, as everybody deploys it: of infra/ only the
  // configuration is read.
  deployment: [
    "contract",
    "terraform",
    "local/iam/.*",
    "infra/(environments|configuration|settings|partition)\\.ts",
  ],
  cli: ["contract", "terraform", "deployment", "console/server/(listen|open-in-browser)\\.ts"],
  // What does the work of the commands, so that both do the same.
  console: [
    "contract",
    "cli/(aws|breaker|dlq|doctor|environment|events|forecast)/.*",
    "cli/(context|counted|output|pause)\\.ts",
  ],
  // The handlers themselves, and what the local run knows of a synthesised stack, of alarms, and of the events that
  // the gateway and the poller make.
  simulation: [
    "contract",
    "functions",
    "infra",
    "local/(stack|iam|alarms)/.*",
    "local/gateway/(event|routes)\\.ts",
  ],
};

const names = Object.keys(rooms);

function room(name) {
  const open = [name, ...rooms[name]].map((path) => (/\.(ts|\*)$/.test(path) ? path : `${path}/`));
  return {
    name: `what-${name}-may-import`,
    comment: `${name}/ imports ${rooms[name].join(", ") || "no room"}.`,
    severity: "error",
    from: { path: `^${name}/` },
    to: { path: `^((${names.join("|")}|__tests__)/|main\\.ts$)`, pathNot: `^(${open.join("|")})` },
  };
}

export default {
  forbidden: [
    ...names.map(room),
    {
      name: "main-wires-infra",
      severity: "error",
      from: { path: "^main\\.ts$" },
      to: { path: `^(${names.filter((name) => name !== "infra").join("|")}|__tests__)/` },
    },
    {
      name: "one-function-one-room",
      comment: "Only index.ts and its own room may import what lies in receiver/, processor/ and recovery/.",
      severity: "error",
      from: { path: "^functions/([^/]+)/" },
      to: { path: "^functions/(receiver|processor|recovery)/", pathNot: "^functions/$1/" },
    },
    {
      name: "event-is-pure",
      comment: "The event and its envelope know no package.",
      severity: "error",
      from: { path: "^contract/event/" },
      to: { path: "node_modules" },
    },
    {
      name: "contract-knows-no-framework",
      comment: "Functions load the contract at init: it may not bring in what infra/ and the command use.",
      severity: "error",
      from: { path: "^contract/" },
      to: { path: "node_modules/(cdktf|constructs|commander|@cdktf)/" },
    },
    {
      name: "local-folders-are-a-tree",
      comment: "Inside local/ the stack's model is the ground: it knows nothing of what runs it.",
      severity: "error",
      from: { path: "^local/(stack|iam)/" },
      to: { path: "^local/[^/]+/", pathNot: "^local/(stack|iam)/" },
    },
    {
      name: "commands-are-the-top-of-cli",
      comment: "A command calls what does the work; nothing calls a command.",
      severity: "error",
      from: { path: "^cli/(?!commands/|program\\.ts$)" },
      to: { path: "^cli/commands/" },
    },
    {
      name: "console-at-the-door",
      comment: "The console is served by what a person starts: a command, and the local run's entry point.",
      severity: "error",
      from: { path: "^(cli|local)/", pathNot: "^(cli/commands/|local/main\\.ts$)" },
      to: { path: "^console/" },
    },
    {
      name: "page-is-a-page",
      comment: "What runs in the browser knows the server's calls as types, and pure parts of the contract.",
      severity: "error",
      from: { path: "^console/page/" },
      to: {
        path: "^(cli|console|contract|local)/",
        pathNot: "^(console/(page/|(api|command)\\.ts)|contract/(plain-text|command-line)\\.ts)",
      },
    },
    {
      name: "secrets-before-genesys",
      comment: "A secret's rotation switches Genesys over; Genesys' client knows nothing of our secrets.",
      severity: "error",
      from: { path: "^cli/genesys/" },
      to: { path: "^cli/(secret|dlq|doctor|send|breaker)/" },
    },
    {
      name: "bindings-by-deep-path",
      comment: "The barrel of the AWS bindings costs 11 s and 2 GB.",
      severity: "error",
      from: { path: "^(infra|__tests__)/" },
      to: { path: "@cdktf/provider-aws/lib/index" },
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(cdktf\\.out|\\.local)/" },
    parser: "swc",
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
