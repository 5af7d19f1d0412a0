/** Checks a parsed body or query against its schema, and turns what zod found into our one error. */

import { type ErrorCode, NexusError, type Problem } from "@nexus/core";
import type { z } from "zod";

/** Problems named in one answer; a body of 4 MiB could have a million. */
const MOST_PROBLEMS = 50;
const LONGEST_PATH = 200;

/**
 * The value as the schema gives it.
 *
 * throws  `body.unknown_field` if a field is unknown, else `body.invalid` if a type or bound is wrong, else the code
 *         that the failed rule carries; every problem is listed with its dotted path, and no value is repeated
 */
export function validate<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const found = parsed.error.issues.flatMap(readIssue);
  const codes = new Set(found.map(({ code }) => code));
  const code = PRIORITY.find((candidate) => codes.has(candidate)) ?? found[0]?.code ?? "body.invalid";
  throw rejected(code, found);
}

/** An error of a request that names its problems, the ones that gave it its code first. */
export function rejected(code: ErrorCode, found: readonly (Problem & { readonly code?: ErrorCode })[]): NexusError {
  const first = found.filter((problem) => (problem.code ?? code) === code);
  const others = found.filter((problem) => (problem.code ?? code) !== code);
  const problems = [...first, ...others]
    .slice(0, MOST_PROBLEMS)
    .map(({ path, message }) => ({ path: path.slice(0, LONGEST_PATH), message }));
  const left = found.length - problems.length;
  const list = problems
    .slice(0, 3)
    .map(({ path, message }) => (path ? `${path}: ${message}` : message))
    .join("; ");
  const rest =
    found.length > 3 ? ` (${found.length} problems${left > 0 ? `, ${problems.length} of them listed` : ""})` : "";
  return new NexusError(code, `[nexus] ${list}${rest}`, { problems });
}

/** What the request is, before what its values are: a misspelt field explains a missing one. */
const PRIORITY: readonly ErrorCode[] = ["body.unknown_field", "body.invalid"];

function readIssue(issue: z.core.$ZodIssue): (Problem & { code: ErrorCode })[] {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      code: "body.unknown_field",
      path: path ? `${path}.${key}` : key,
      message: "is not a field of this request",
    }));
  }
  const code: unknown = issue.code === "custom" ? issue.params?.["code"] : undefined;
  return [{ code: (code as ErrorCode | undefined) ?? "body.invalid", path, message: messageOf(issue) }];
}

function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined")
        ? "is required"
        : issue.message.replace("Invalid input: ", "");
    case "too_big":
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    case "too_small":
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
    default:
      return issue.message.replace(/^Invalid (?:input|option): /, "");
  }
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters long";
  return origin === "array" ? " entries long" : "";
}
