import { environments } from "../../infra/environments.ts";
import { summary } from "../support/summary.ts";
import { synthesise } from "../support/synthesise.ts";

test.each(Object.entries(environments))("%s, on one page", (name, input) => {
  expect(summary(synthesise(input, name))).toMatchSnapshot();
});
