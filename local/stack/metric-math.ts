/** The value of an expression, by what its ids stand for; nothing where data is missing. */
export type MetricMath = (values: Readonly<Record<string, number | undefined>>) => number | undefined;

/**
 * CloudWatch's metric math, as far as the alarms use it: sums, quotients by a
 * number, `FILL(x, number)` and `MAX([x, …])`.
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
    const terms = [quotient()];
    while (tokens[at] === "+") {
      at++;
      terms.push(quotient());
    }
    return (values) => {
      const found = terms.map((each) => each(values));
      return found.reduce((all, value) =>
        all === undefined || value === undefined ? undefined : all + value,
      );
    };
  }

  function quotient(): MetricMath {
    const dividend = term();
    if (tokens[at] !== "/") return dividend;
    at++;
    const divisor = number();
    return (values) => {
      const value = dividend(values);
      return value === undefined ? undefined : value / divisor;
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
    const instead = number();
    return (values) => filled(values) ?? instead;
  }

  function number(): number {
    const token = tokens[at] ?? "";
    if (!/^\d/.test(token)) refuse();
    at++;
    return Number(token);
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
