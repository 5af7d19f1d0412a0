import { describe, expect, it } from "vitest";
import { asNexusError, type ErrorCode, errorKind, ERRORS, NexusError } from "./errors.ts";

const codes = Object.keys(ERRORS) as ErrorCode[];
/** Marked R in details.md, section 10, as far as this release has them. */
const RETRYABLE: readonly ErrorCode[] = [
  "rate.limited",
  "overload.shed",
  "search.deadline",
  "store.unavailable",
  "store.conflict",
  "breaker.open",
  "consistency.timeout",
  "embed.batch",
  "embed.device",
  "embed.memory",
  "embed.timeout",
  "erase.residue",
];

describe("the error table", () => {
  it("has at least 40 codes of the form area.name, each with a title and a status of 4xx or 5xx", () => {
    expect(codes.length).toBeGreaterThanOrEqual(40);
    for (const code of codes) {
      const { status, title } = errorKind(code);
      expect(code).toMatch(/^[a-z]+\.[a-z_]+$/);
      expect(title).toMatch(/^\S.*[^.]$/);
      expect(Number.isInteger(status) && status >= 400 && status < 600).toBe(true);
    }
  });

  it("marks just the codes as retryable that the specification does", () => {
    expect(codes.filter((code) => errorKind(code).retryable).sort()).toEqual([...RETRYABLE].sort());
  });

  it.each<[ErrorCode, number]>([
    ["auth.missing", 401],
    ["auth.scope", 403],
    ["memory.not_found", 404],
    ["memory.exists", 409],
    ["memory.version_conflict", 412],
    ["body.too_large", 413],
    ["idempotency.mismatch", 422],
    ["rate.limited", 429],
    ["internal.unsupported", 501],
    ["store.unavailable", 503],
    ["search.deadline", 504],
    ["store.full", 507],
  ])("%s is a %i", (code, status) => {
    expect(new NexusError(code, "x").status).toBe(status);
  });
});

describe("an error", () => {
  it("carries its kind, its problems and its cause", () => {
    const cause = new Error("socket closed");
    const problems = [{ path: "filters.x", message: "no such field" }];
    const error = new NexusError("store.unavailable", "[nexus/stores] gone", { cause, problems, retryAfterSeconds: 2 });
    expect(error).toMatchObject({ name: "NexusError", status: 503, retryable: true, problems, retryAfterSeconds: 2 });
    expect(error.cause).toBe(cause);
    expect("cause" in new NexusError("store.full", "x")).toBe(false);
  });

  it("of ours stays itself; any other becomes internal.unexpected, which tells nothing of it", () => {
    const ours = new NexusError("memory.not_found", "x");
    expect(asNexusError(ours)).toBe(ours);
    for (const thrown of [new Error("password is hunter2"), "text", null, 7]) {
      const error = asNexusError(thrown);
      expect(error).toMatchObject({ code: "internal.unexpected", status: 500, retryable: false, cause: thrown });
      expect(error.message).not.toContain("hunter2");
    }
  });
});
