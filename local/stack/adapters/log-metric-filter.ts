import type { FunctionModel, LocalStack, MetricName } from "../model.ts";
import type { Resource } from "../resource.ts";
import type { ResourceAdapter } from "../resource-adapter.ts";

/** Answers of one status, as the access log has them. */
const STATUS = /^\{ \$\.status = "(\d{3})" \}$/;
/** A function's lines of one message. */
const MESSAGE = /^\{ \$\.message = "([^"\\*%]+)" \}$/;
const FIELD = /^\$\.(\w+)$/;

/** What CloudWatch counts in logs: lines of a function with one message, or of the API's access log with one status. */
export const logMetricFilter: ResourceAdapter = {
  uses: ["log_group_name", "pattern", "metric_transformation"],
  noEffect: { name: "for people" },
  outputs: () => ({}),
  add(resource, stack) {
    const group = resource.text("log_group_name");
    const ofFunction = stack.functions.find(({ logGroup }) => logGroup === group);
    if (ofFunction === undefined) countAnswers(resource, stack);
    else countLines(resource, ofFunction);
  },
};

function countAnswers(resource: Resource, stack: LocalStack): void {
  const pattern = resource.text("pattern");
  const [, status = resource.refuse(`looks for ${pattern}`)] = STATUS.exec(pattern) ?? [];
  if (resource.text("metric_transformation.value") !== "1") resource.refuse("counts no lines");
  const line = stack.accessLog ?? {};
  const metric = metricOf(resource, (field) => (line[field]?.startsWith("$") ? undefined : line[field]));
  stack.countedAnswers.push({ status: Number(status), metric });
}

function countLines(resource: Resource, { countedLines }: FunctionModel): void {
  const pattern = resource.text("pattern");
  const [, message = resource.refuse(`looks for ${pattern}`)] = MESSAGE.exec(pattern) ?? [];
  const value = resource.text("metric_transformation.value");
  const [, field] = FIELD.exec(value) ?? [];
  if (field === undefined && value !== "1") resource.refuse(`counts ${value}`);
  countedLines.push({
    message,
    metric: metricOf(resource, (name) => name),
    unit: resource.text("metric_transformation.unit"),
    ...(field === undefined ? {} : { field }),
  });
}

/** @param of what stands in a field of the lines, or tells where it is */
function metricOf(resource: Resource, of: (field: string) => string | undefined): MetricName {
  const dimensions = Object.entries(resource.textMap("metric_transformation.dimensions")).map(
    ([name, path]) => {
      const [, field = ""] = FIELD.exec(path) ?? [];
      return [name, resource.required(`line with ${path}`, of(field))] as const;
    },
  );
  return {
    namespace: resource.text("metric_transformation.namespace"),
    metric: resource.text("metric_transformation.name"),
    dimensions: Object.fromEntries(dimensions),
  };
}
