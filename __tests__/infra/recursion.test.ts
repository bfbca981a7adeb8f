import { leastInput, ref, synthesise } from "../support/synthesise.ts";

test("the functions whose loops are by design may go round, and no other", () => {
  const stack = synthesise(leastInput);
  const allowed = (name: string) => ({
    function_name: ref(`aws_lambda_function.${name}.function_name`),
    recursive_loop: "Allow",
  });
  expect(stack.resources("aws_lambda_function_recursion_config")).toEqual({
    processor_recursion: allowed("processor"),
    recovery_recursion: allowed("recovery"),
  });
});
