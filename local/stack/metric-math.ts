/** The value of an expression, by what its ids stand for; nothing where data is missing. */
export type MetricMath = (values: Readonly<Record<string, number | undefined>>) => number | undefined;

/**
 * CloudWatch's metric math, as far as the alarms use it: sums, `FILL(x, number)` and `MAX([x, …])`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 *
 * @param ids what the expression may name
 * @throws {Error} quoting what is not understood
 */
export function readMetricMath(expression: string, ids: readonly string[]): MetricMath {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(\.\d+)?|\S/g) ?? [];
  let at = 0;
  const refuse = (): never => {
    throw new Error(`does not understand ${tokens[at] ?? "the end"} in the expression ${expression}`);
  };
  const take = (token: string): void => {
    if (tokens[at] !== token) refuse();
    at++;
  };

  function sum(): MetricMath {
    const terms = [term()];
    while (tokens[at] === "+") {
      at++;
      terms.push(term());
    }
    return (values) => {
      const found = terms.map((each) => each(values));
      return found.reduce((all, value) =>
        all === undefined || value === undefined ? undefined : all + value,
      );
    };
  }

  function term(): MetricMath {
    const token = tokens[at] ?? refuse();
    if (token === "FILL" || token === "MAX") return call(token);
    if (!ids.includes(token)) return refuse();
    at++;
    return (values) => values[token];
  }

  function call(name: "FILL" | "MAX"): MetricMath {
    at++;
    take("(");
    const made = name === "FILL" ? fill() : maximum();
    take(")");
    return made;
  }

  function fill(): MetricMath {
    const filled = sum();
    take(",");
    const instead = Number(tokens[at] ?? "");
    if (!/^\d/.test(tokens[at] ?? "")) refuse();
    at++;
    return (values) => filled(values) ?? instead;
  }

  function maximum(): MetricMath {
    take("[");
    const members = [sum()];
    while (tokens[at] === ",") {
      at++;
      members.push(sum());
    }
    take("]");
    return (values) => {
      const found = members.map((each) => each(values)).filter((value) => value !== undefined);
      return found.length === 0 ? undefined : Math.max(...found);
    };
  }

  const read = sum();
  if (at < tokens.length) refuse();
  return read;
}
