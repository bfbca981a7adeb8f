import { z } from "zod";
import { ApiError } from "./answers.ts";

/** @throws {ApiError} 400 with one detail for each field that is wrong */
export function validate<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
  throw new ApiError(
    400,
    "invalid.request",
    `The request is invalid: ${issues.map(({ field, message }) => `${field}: ${message}`).join("; ")}`,
    { details: issues.map(({ field }) => ({ errorCode: "invalid.value", fieldName: field })) },
  );
}

/**
 * Where Genesys may post: https on port 443. The stand-in posts to this machine as well, whatever the port,
 * for that is where the local run is.
 */
export const outboundUrl = z.string().refine((text) => {
  const url = URL.parse(text);
  if (url?.protocol === "https:") return url.port === "";
  return url?.protocol === "http:" && ["127.0.0.1", "localhost"].includes(url.hostname);
}, "must be an https URL on port 443");
