import { LIMITS, NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { parseRemember, toNewMemories } from "./remember.ts";

const NOW = Date.parse("2026-05-01T10:00:00Z");
const read = (body: unknown) => toNewMemories(parseRemember(body), NOW);

function refusal(body: unknown): { code: string; paths: string[] } {
  try {
    read(body);
  } catch (error) {
    if (error instanceof NexusError) return { code: error.code, paths: error.problems.map(({ path }) => path) };
    throw error;
  }
  return { code: "none", paths: [] };
}

describe("limits are inclusive", () => {
  it.each([
    ["a text of 1 MiB", { content: "x".repeat(LIMITS.maxTextBytes) }],
    ["metadata of 16 KiB", { content: "a", metadata: { a: "x".repeat(LIMITS.maxMetadataBytes - '{"a":""}'.length) } }],
    ["metadata of 4 levels", { content: "a", metadata: { a: { b: { c: [1] } } } }],
    ["an id of 256 characters", { content: "a", externalId: "x".repeat(LIMITS.maxIdLength) }],
    ["1,000 memories", { memories: Array.from({ length: LIMITS.maxBatch }, () => ({ content: "a" })) }],
    ["16 users", { memories: Array.from({ length: 16 }, (_, i) => ({ content: "a", userId: `u${i}` })) }],
    ["5 minutes ahead", { content: "a", createdAt: "2026-05-01T10:05:00Z", validFrom: "2026-05-01T12:05:00+02:00" }],
  ])("%s", (_title, body) => {
    expect(refusal(body).code).toBe("none");
  });

  it.each([
    ["metadata of 16 KiB and a byte", { content: "a", metadata: { a: "x".repeat(LIMITS.maxMetadataBytes - 7) } }],
    [
      "16 users and none",
      { memories: Array.from({ length: 17 }, (_, i) => ({ content: "a", userId: i ? `u${i}` : null })) },
    ],
  ])("not %s", (_title, body) => {
    expect(refusal(body).code).toBe("body.invalid");
  });
});

describe("times", () => {
  it("without an offset are UTC, whatever the machine's zone", () => {
    expect(read({ content: "a", createdAt: "2026-04-01T12:00:00" })[0]?.createdAt).toEqual(
      new Date("2026-04-01T12:00:00Z"),
    );
  });

  it("every impossible time of a batch is named", () => {
    const memories = [{ createdAt: "2027-01-01" }, {}, { validFrom: "2026-02-01", validTo: "2026-01-01" }];
    const body = { memories: memories.map((times) => ({ content: "a", ...times })) };
    expect(refusal(body)).toEqual({
      code: "memory.time_invalid",
      paths: ["memories.0.createdAt", "memories.2.validTo"],
    });
  });
});

it("unknown fields come before wrong values, and both are listed", () => {
  expect(refusal({ content: "", id: 1, colour: "red" })).toEqual({
    code: "body.unknown_field",
    paths: ["colour", "content", "id"],
  });
});
