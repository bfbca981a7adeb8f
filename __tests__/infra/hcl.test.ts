import { mendHcl } from "../../infra/hcl.ts";

test("Terraform's own version stands in a block of its own", () => {
  expect(mendHcl("resource {}", ">= 1.11.0")).toBe(
    'resource {}\n\nterraform {\n  required_version = ">= 1.11.0"\n}\n',
  );
});

test("what depends_on and ignore_changes name is no text, and nothing else is touched", () => {
  const hcl = `resource "aws_x" "y" {
  names = [
    "a",
  ]
  depends_on = [
    "aws_x.a",
    "aws_x.b",
  ]
  lifecycle {
    ignore_changes = [
      "value",
    ]
  }
}`;
  expect(mendHcl(hcl, "1")).toContain(`resource "aws_x" "y" {
  names = [
    "a",
  ]
  depends_on = [
    aws_x.a,
    aws_x.b,
  ]
  lifecycle {
    ignore_changes = [
      value,
    ]
  }
}`);
});
