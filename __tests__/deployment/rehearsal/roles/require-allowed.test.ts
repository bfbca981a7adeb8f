import type { NotedCall } from "../../../../deployment/rehearsal/roles/noted-call.ts";
import { accessKeyFor, rehearsedRoles } from "../../../../deployment/rehearsal/roles/rehearsed-roles.ts";
import { requireAllowed } from "../../../../deployment/rehearsal/roles/require-allowed.ts";
import type { SynthesisedStack } from "../../../../deployment/rehearsal/stack.ts";
import { guardedInput, synthesise } from "../../../support/synthesise.ts";

const stack = synthesise(guardedInput, "guarded").json as unknown as SynthesisedStack;
const [deploys, plans] = rehearsedRoles([stack]);
if (deploys === undefined || plans === undefined) throw new Error("no roles");

const call = (given: Partial<NotedCall>): NotedCall => ({
  accessKey: deploys.accessKey,
  region: "eu-west-1",
  service: "sqs",
  method: "POST",
  url: "/",
  target: "",
  parameters: {},
  ...given,
});
const makeRole = (parameters = {}) =>
  call({
    service: "iam",
    parameters: {
      Action: "CreateRole",
      RoleName: "genesys-events-guarded-receiver",
      Path: "/webhooks/",
      PermissionsBoundary: String(guardedInput.permissionsBoundaryArn),
      ...parameters,
    },
  });
const createQueue = call({
  target: "AmazonSQS.CreateQueue",
  parameters: { QueueName: "genesys-events-guarded-queue" },
});

test("what a policy allows may be called; what it allows beside that is told", () => {
  const unused = requireAllowed([createQueue, makeRole()], [deploys]).get(deploys.name);
  expect(unused).toContain("sqs:DeleteQueue");
  expect(unused).not.toContain("sqs:CreateQueue");
});

test.each([
  ["another queue", { ...createQueue, parameters: { QueueName: "other" } }],
  ["an action that is missing", { ...createQueue, target: "AmazonSQS.PurgeQueue" }],
  ["a role without the boundary", makeRole({ PermissionsBoundary: undefined })],
  ["a role under another path", makeRole({ Path: "/" })],
  [
    "a function with another role",
    call({
      service: "lambda",
      url: "/2015-03-31/functions",
      parameters: {
        FunctionName: "genesys-events-guarded-receiver",
        Role: "arn:aws:iam::123456789012:role/other",
      },
    }),
  ],
  [
    "a mapping for another function",
    call({
      service: "lambda",
      url: "/2015-03-31/event-source-mappings",
      parameters: { FunctionName: "arn:aws:lambda:eu-west-1:123456789012:function:other" },
    }),
  ],
  ["a bucket of somebody's", call({ service: "s3", method: "PUT", url: "/somebodys?policy=" })],
  ["a path of API Gateway's", call({ service: "apigateway", url: "/v2/vpclinks" })],
])("%s is not allowed, and said by action and resource", (_, refused) => {
  expect(() => requireAllowed([refused], [deploys])).toThrow(
    /policy of role-policy deploy is not as it has to be:\n {2}\w+:\w+ on \S+: expected allowed, found not allowed/,
  );
});

test("what is for somebody else to do needs no policy here", () => {
  const unbind = call({
    service: "iam",
    parameters: { Action: "DeleteRolePermissionsBoundary", RoleName: "genesys-events-guarded-receiver" },
  });
  const action = "iam:DeleteRolePermissionsBoundary";
  expect(() => requireAllowed([unbind], [deploys])).toThrow(action);
  expect(requireAllowed([unbind], [deploys], [action]).get(deploys.name)).toContain("sqs:CreateQueue");
});

test("who plans changes nothing, and does not get away with another role's rights", () => {
  const asPlan = { ...createQueue, accessKey: plans.accessKey };
  expect(() => requireAllowed([asPlan], [plans])).toThrow("sqs:CreateQueue on");
  const read = { ...asPlan, target: "AmazonSQS.GetQueueAttributes" };
  expect(requireAllowed([read], [plans]).get(plans.name)).toContain("sqs:ListQueueTags");
});

test.each([
  [call({ service: "states" }), "does not know calls of states"],
  [call({ service: "s3", method: "POST", url: "/bucket" }), "does not know POST /bucket of S3"],
  [call({ service: "lambda", url: "/2015-03-31/layers" }), "does not know POST /2015-03-31/layers of Lambda"],
])("a call that is not understood is not taken for allowed", (unknown, said) => {
  expect(() => requireAllowed([unknown], [deploys])).toThrow(said);
});

test("what the review of a plan asks of the account is a plan's to ask", () => {
  const asked = [
    call({ service: "s3", method: "GET", url: "/?x-id=ListBuckets" }),
    call({ target: "AmazonSQS.GetQueueUrl", parameters: { QueueName: "genesys-events-guarded-queue" } }),
    call({
      service: "lambda",
      method: "GET",
      url: "/2015-03-31/functions/genesys-events-guarded-receiver/configuration",
    }),
  ].map((each) => ({ ...each, accessKey: plans.accessKey }));
  expect(requireAllowed(asked, [plans]).get(plans.name)).not.toContain("s3:ListAllMyBuckets");
});

test("a role that has called nothing has shown nothing", () => {
  expect(() => requireAllowed([createQueue], [plans])).toThrow("Nothing was called");
});

test("who Terraform is to the emulator", () => {
  const keys = [["init"], ["apply", "-auto-approve"], ["plan", "-no-color"], ["plan", "-refresh=false"]];
  expect(keys.map(accessKeyFor)).toEqual(["deploys", "deploys", "plans", "plans-from-state"]);
});
