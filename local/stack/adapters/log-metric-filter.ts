import type { FunctionModel, LocalStack, MetricName } from "../model.ts";
import type { Resource } from "../resource.ts";
import type { ResourceAdapter } from "../resource-adapter.ts";

/** Answers of one status, as the access log has them: names of fields, and what one of them is. */
const STATUS = /^\[([\w, ]+), status = (\d{3}), \.\.\.\]$/;
/** A function's lines of one message that have certain fields: what is counted in them, and by what. */
const MESSAGE = /^\{ \$\.message = "([^"\\*%]+)"((?: && \$\.\w+ = (?:\*|"\*"))*) \}$/;
const FIELD = /^\$\.(\w+)$/;
const FIELD_BY_PLACE = /^\$(\w+)$/;

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
  const [, names = "", status = resource.refuse(`looks for ${pattern}`)] = STATUS.exec(pattern) ?? [];
  if (resource.text("metric_transformation.value") !== "1") resource.refuse("counts no lines");
  const line = stack.accessLog ?? [];
  const fields = new Map(names.split(", ").map((name, place) => [name, line[place]]));
  const metric = metricOf(resource, FIELD_BY_PLACE, (name) => {
    const value = fields.get(name);
    return value?.startsWith("$") ? undefined : value;
  });
  stack.countedAnswers.push({ status: Number(status), metric });
}

function countLines(resource: Resource, { countedLines }: FunctionModel): void {
  const pattern = resource.text("pattern");
  const [, message = resource.refuse(`looks for ${pattern}`), others = ""] = MESSAGE.exec(pattern) ?? [];
  // CloudWatch takes no field that the pattern does not name.
  const named = (name: string) => (others.includes(` && $.${name} = `) ? name : undefined);
  const value = resource.text("metric_transformation.value");
  const [, field] = FIELD.exec(value) ?? [];
  if (value !== "1" && named(field ?? "") === undefined) resource.refuse(`counts ${value}`);
  countedLines.push({
    message,
    metric: metricOf(resource, FIELD, named),
    unit: resource.text("metric_transformation.unit"),
    ...(field === undefined ? {} : { field }),
  });
}

/**
 * @param path how a dimension names a field of the lines
 * @param of what stands in that field, or tells where it is
 */
function metricOf(resource: Resource, path: RegExp, of: (field: string) => string | undefined): MetricName {
  const dimensions = Object.entries(resource.textMap("metric_transformation.dimensions")).map(
    ([name, given]) => {
      const [, field = ""] = path.exec(given) ?? [];
      return [name, resource.required(`line with ${given}`, of(field))] as const;
    },
  );
  return {
    namespace: resource.text("metric_transformation.namespace"),
    metric: resource.text("metric_transformation.name"),
    dimensions: Object.fromEntries(dimensions),
  };
}
