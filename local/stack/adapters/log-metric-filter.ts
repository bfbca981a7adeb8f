import type { MetricName } from "../model.ts";
import type { Resource } from "../resource.ts";
import type { ResourceAdapter } from "../resource-adapter.ts";

/** Answers of one status, as the access log has them. */
const STATUS = /^\{ \$\.status = "(\d{3})" \}$/;

/** What CloudWatch counts in the API's access log: its lines with one status. */
export const logMetricFilter: ResourceAdapter = {
  uses: ["pattern", "metric_transformation"],
  noEffect: {
    name: "for people",
    log_group_name: "there is one access log, the API's",
  },
  outputs: () => ({}),
  add(resource, stack) {
    const [, status] = STATUS.exec(resource.text("pattern")) ?? [];
    if (status === undefined) return resource.refuse(`looks for ${resource.text("pattern")}`);
    if (resource.text("metric_transformation.value") !== "1") resource.refuse("counts no lines");
    const metric = metricOf(resource, stack.accessLog ?? {});
    stack.countedAnswers.push({ status: Number(status), metric });
  },
};

function metricOf(resource: Resource, accessLog: Readonly<Record<string, string>>): MetricName {
  const dimensions = Object.entries(resource.textMap("metric_transformation.dimensions")).map(
    ([name, field]) => {
      const value = accessLog[field.replace(/^\$\./, "")];
      return [
        name,
        resource.required(`access log with ${field}`, value?.startsWith("$") ? undefined : value),
      ] as const;
    },
  );
  return {
    namespace: resource.text("metric_transformation.namespace"),
    metric: resource.text("metric_transformation.name"),
    dimensions: Object.fromEntries(dimensions),
  };
}
