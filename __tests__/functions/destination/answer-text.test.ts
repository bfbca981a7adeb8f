import { locationText } from "../../../functions/destination/answer-text.ts";

test.each([
  ["https://login.example.com/sso", "https://login.example.com/sso"],
  ["https://user:planted@h.example:8443/a;s=planted/b?planted#planted", "https://h.example:8443/a/b"],
  ["//other.example/x?planted", "https://other.example/x"],
  ["/maintenance?planted", "/maintenance"],
  ["later.html", "/later.html"],
  ["http://[::1]/\u00fc \u0001", "http://[::1]/%C3%BC"],
  [`/${"x".repeat(119)}`, `/${"x".repeat(119)}`],
  [`/${"x".repeat(500)}`, `/${"x".repeat(119)}…`],
  ["javascript:planted", undefined],
  ["xhttp://planted", undefined],
  ["httpsx://planted", undefined],
  ["https://", undefined],
  ["", undefined],
])("%j leads to %j", (header, text) => {
  expect(locationText(header)).toBe(text);
});
