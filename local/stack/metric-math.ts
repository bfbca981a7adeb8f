/** The value of an expression, by what its ids stand for; nothing where data is missing. */
export type MetricMath = (values: Readonly<Record<string, number | undefined>>) => number | undefined;

/** Those with two sides, the loosest first. A comparison is 1 where it holds, else 0. */
const LEVELS: readonly Readonly<Record<string, (left: number, right: number) => number>>[] = [
  { ">": (left, right) => Number(left > right), "<": (left, right) => Number(left < right) },
  { "+": (left, right) => left + right, "-": (left, right) => left - right },
  { "*": (left, right) => left * right, "/": (left, right) => left / right },
];

/**
 * CloudWatch's metric math, as far as the alarms use it: the four operations, `>` and `<`, `FILL(x, number)`,
 * `MAX([x, …])` and `IF(x, y, z)`.
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

  function operations(level = 0): MetricMath {
    const operators = LEVELS[level];
    if (operators === undefined) return term();
    let all = operations(level + 1);
    for (let token = tokens[at] ?? ""; Object.hasOwn(operators, token); token = tokens[at] ?? "") {
      at++;
      const [operate, left, right] = [operators[token], all, operations(level + 1)];
      all = (values) => {
        const [one, other] = [left(values), right(values)];
        return one === undefined || other === undefined ? undefined : operate?.(one, other);
      };
    }
    return all;
  }

  function term(): MetricMath {
    const token = tokens[at] ?? refuse();
    if (/^\d/.test(token)) {
      const value = number();
      return () => value;
    }
    if (token === "FILL") return call(fill);
    if (token === "MAX") return call(maximum);
    if (token === "IF") return call(choice);
    if (!ids.includes(token)) return refuse();
    at++;
    return (values) => values[token];
  }

  function call(read: () => MetricMath): MetricMath {
    at++;
    take("(");
    const made = read();
    take(")");
    return made;
  }

  function fill(): MetricMath {
    const filled = operations();
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
    const members = [operations()];
    while (tokens[at] === ",") {
      at++;
      members.push(operations());
    }
    take("]");
    return (values) => {
      const found = members.map((each) => each(values)).filter((value) => value !== undefined);
      return found.length === 0 ? undefined : Math.max(...found);
    };
  }

  function choice(): MetricMath {
    const condition = operations();
    take(",");
    const yes = operations();
    take(",");
    const no = operations();
    return (values) => {
      const holds = condition(values);
      return holds === undefined ? undefined : (holds === 0 ? no : yes)(values);
    };
  }

  const read = operations();
  if (at < tokens.length) refuse();
  return read;
}
