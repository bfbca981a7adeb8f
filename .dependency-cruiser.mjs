/** The rooms of the house, and who may enter whose. */
const rooms = "^(functions|infra|local|cli|simulation|deployment)/";

export default {
  forbidden: [
    {
      name: "functions-stand-alone",
      comment: "What is deployed knows nothing of how it is deployed, run here or operated.",
      severity: "error",
      from: { path: "^functions/" },
      to: { path: "^(infra|local|cli|simulation|deployment|scripts)/|^main\\.ts$" },
    },
    {
      name: "infra-bundles-functions",
      comment: "infra/ hands function code to esbuild and never runs it.",
      severity: "error",
      from: { path: "^(infra/|main\\.ts$)" },
      to: { path: "^(functions|local|cli|simulation|deployment|scripts)/" },
    },
    {
      name: "contract-is-the-ground",
      comment: "The contract is what all rooms stand on; it stands on nothing.",
      severity: "error",
      from: { path: "^contract/" },
      to: { path: `${rooms}|^main\\.ts$` },
    },
    {
      name: "local-reads-the-synthesised-stack",
      comment: "The local run takes its facts from cdk.tf.json, never from the program that wrote it.",
      severity: "error",
      from: { path: "^local/" },
      to: { path: "^(infra|functions|cli|simulation|deployment)/|^main\\.ts$" },
    },
    {
      name: "command-operates-from-outside",
      comment:
        "The command knows contracts and the shapes of what it reads, not the code that writes them; deployment/ works for it.",
      severity: "error",
      from: { path: "^cli/" },
      to: {
        path: "^(functions|infra|local|simulation|scripts)/|^main\\.ts$",
        pathNot: "^functions/(event/|breaker/state\\.ts$)",
      },
    },
    {
      name: "nobody-needs-the-command",
      severity: "error",
      from: { path: "^(contract|functions|infra|local|simulation|deployment|scripts)/|^main\\.ts$" },
      to: { path: "^cli/" },
    },
    {
      name: "deployment-reads-configuration",
      comment: "What is deployed comes from a synthesis in a process of its own, as everybody deploys it.",
      severity: "error",
      from: { path: "^deployment/" },
      to: {
        path: "^(infra|functions|cli|simulation)/|^main\\.ts$",
        pathNot: "^infra/(environments|configuration|settings)\\.ts$",
      },
    },
    {
      name: "one-function-one-room",
      comment: "receiver, processor and recovery share event/ and runtime/, not each other.",
      severity: "error",
      from: { path: "^functions/(receiver|processor|recovery)/" },
      to: { path: "^functions/(receiver|processor|recovery)/", pathNot: "^functions/$1/" },
    },
    {
      name: "shared-rooms-know-no-function",
      severity: "error",
      from: { path: "^functions/(event|runtime)/" },
      to: { path: "^functions/(receiver|processor|recovery)/" },
    },
    {
      name: "event-is-pure",
      comment: "The event and its envelope know neither AWS nor Powertools.",
      severity: "error",
      from: { path: "^functions/event/" },
      to: { path: "^functions/runtime/|node_modules" },
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
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
