import type { Memory } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exportLine } from "./export.ts";
import { checkHeader, parseImportRow, rowsOfLine } from "./import.ts";

const NOW = Date.parse("2026-05-01T10:00:00Z");

const text = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
  .filter((value) => value.trim() !== "" && value.isWellFormed() && !value.includes("\0"));
// oxlint-disable-next-line no-control-regex -- control characters are what names must not have
const name = text.filter((value) => !/[\u0000-\u001f\u007f-\u009f]/.test(value) && !["_", ".", ".."].includes(value));
const past = fc.date({ min: new Date("1990-01-01"), max: new Date(NOW), noInvalidDate: true });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Validity that does not end before it begins. */
function inOrder({ validFrom, validTo }: { validFrom?: Date | undefined; validTo?: Date | undefined }) {
  return validFrom && validTo && validTo < validFrom ? { validFrom: validTo, validTo: validFrom } : {};
}

const anyMemory = fc
  .record({
    id: fc.uuid(),
    content: text,
    userId: maybe(name),
    agentId: maybe(name),
    sessionId: maybe(name),
    speaker: maybe(name),
    externalId: maybe(name),
    status: fc.constantFrom("active", "superseded", "invalidated", "merged"),
    invalidReason: maybe(text),
    quality: maybe(fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0)),
    metadata: fc.dictionary(
      fc.constantFrom("a", "b", "topic"),
      fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    ),
    createdAt: past,
    recordedAt: past,
    updatedAt: past,
    validFrom: maybe(past),
    validTo: maybe(past),
    expiresAt: maybe(past),
    version: fc.integer({ min: 1, max: 1_000 }),
    addedSeq: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map((fields): Memory => ({
    ...fields,
    ...inOrder(fields),
    metadata: { ...fields.metadata },
    contentHash: "00",
    language: "en",
    tokenCount: 1,
    chunkCount: 1,
    pendingCount: 0,
    changedBy: "k",
    seq: fields.addedSeq,
  }));

const parse = (row: unknown, scope = {}) => parseImportRow(row, scope, NOW);

describe("a memory's line", () => {
  it("says all that a memory is, so that reading it back gives the same", () => {
    fc.assert(
      fc.property(anyMemory, (row) => {
        const line: unknown = JSON.parse(JSON.stringify(exportLine({ kind: "memory", row })));
        const item = parse(line);
        expect(item.kind).toBe("memory");
        const {
          addedSeq,
          version: _version,
          contentHash: _hash,
          language: _language,
          tokenCount: _tokens,
          chunkCount: _chunks,
          pendingCount: _pending,
          changedBy: _by,
          seq: _seq,
          ...kept
        } = row;
        expect("memory" in item && item.memory).toEqual({ ...kept, arrival: addedSeq });
      }),
    );
  });

  it.each([
    ["an unknown field", { colour: 1 }, /colour is not a field/],
    ["a time ahead", { recordedAt: "2026-05-01T10:00:01Z" }, /recordedAt lies ahead/],
    [
      "an end before its beginning",
      { validFrom: "2026-01-02T00:00:00Z", validTo: "2026-01-01T00:00:00Z" },
      /validTo must not be before validFrom/,
    ],
    ["another status", { status: "gone" }, /status/],
    ["the reserved user", { userId: "_" }, /userId/],
    ["a quality beyond 1", { quality: 1.5 }, /quality/],
  ])("with %s is import.row, which names it", (_what, change, message) => {
    const [row] = fc.sample(anyMemory, { numRuns: 1, seed: 7 });
    if (!row) throw new Error("no sample");
    const line = { ...exportLine({ kind: "memory", row }), ...change };
    expect(() => parse(line)).toThrow(
      expect.objectContaining({ code: "import.row", message: expect.stringMatching(message) as string }) as Error,
    );
  });
});

describe("the line of what was made of memories", () => {
  const id = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
  const rating = {
    type: "feedback",
    userId: "u",
    id,
    queryId: "q",
    memoryId: null,
    rating: 1,
    comment: null,
    features: {},
  };
  const reference = { type: "reference", userId: "u", kind: "supersedes", memoryId: id, targetId: id, reason: "r" };
  const link = { ...reference, similarity: null, formerValidTo: null, undoneAt: null };
  const [past, ahead] = ["2026-05-01T10:00:00Z", "2026-05-01T10:00:01Z"];

  it.each([
    ["a rating", rating, { createdAt: ahead }, /createdAt lies ahead/],
    ["a reference", link, { createdAt: ahead }, /createdAt lies ahead/],
    ["an undone reference", link, { createdAt: past, undoneAt: ahead }, /undoneAt lies ahead/],
  ])("%s with a time ahead is import.row", (_what, line, times, message) => {
    expect(() => parse({ ...line, createdAt: past })).not.toThrow();
    expect(() => parse({ ...line, ...times })).toThrow(
      expect.objectContaining({ code: "import.row", message: expect.stringMatching(message) as string }) as Error,
    );
  });
});

describe("rows of a line", () => {
  it.each([
    ["an object", { memory: "a" }, 1],
    ["a list", [{ memory: "a" }, { memory: "b" }], 2],
    ["mem0's answer", { results: [{ memory: "a" }, { memory: "b" }], relations: [] }, 2],
    ["Zep's messages", { messages: [{ uuid: "1" }], facts: [] }, 1],
    ["a memory with a list in its metadata", { content: "a", results: [1, 2] }, 1],
    ["the header of an export", { type: "export" }, 0],
    ["an entity of an export", { type: "entity" }, 0],
    ["a number", 7, 1],
  ])("of %s", (_what, value, count) => {
    expect(rowsOfLine(value)).toHaveLength(count);
  });
});

describe("rows of other products", () => {
  const told = (row: unknown, scope = {}) => {
    const item = parse(row, scope);
    return item.kind === "told" ? item.memory : undefined;
  };

  it("of mem0 keep ids that are no UUIDs as externalId, and categories among the metadata", () => {
    expect(
      told({ id: "m-1", memory: "a", user_id: "u", categories: ["x"], metadata: { categories: "mine" } }),
    ).toMatchObject({
      content: "a",
      id: undefined,
      externalId: "m-1",
      userId: "u",
      metadata: { categories: "mine" },
    });
    expect(told({ memory: "a", categories: [], metadata: null })).toMatchObject({ metadata: {} });
  });

  it.each([
    ["2025-02-03 10:00:00+00:00", "2025-02-03T10:00:00.000Z"],
    ["2025-02-03 10:00:00.123456 +01:00", "2025-02-03T09:00:00.123Z"],
    ["2025-02-03T10:00:00.123456-07:00", "2025-02-03T17:00:00.123Z"],
    ["2025-02-03", "2025-02-03T00:00:00.000Z"],
  ])("may give the time as %s", (given, read) => {
    expect(told({ memory: "a", created_at: given })?.createdAt?.toISOString()).toBe(read);
  });

  it("of Zep are messages by their speaker, or facts for their time", () => {
    const uuid = "0b6e1c1e-58a5-4a3c-8d0c-0f0f3c6f5a11";
    expect(told({ uuid, content: "a", role: "user", session_id: "s" })).toMatchObject({
      id: uuid,
      speaker: "user",
      sessionId: "s",
    });
    expect(told({ uuid, content: "a", role: "user", name: "Ana", thread_id: "t" })).toMatchObject({
      speaker: "Ana",
      sessionId: "t",
    });
    expect(told({ uuid, fact: "a", valid_at: "2025-01-01", expired_at: "2025-02-01" })?.validTo).toEqual(
      new Date("2025-02-01"),
    );
  });

  it("take what they leave out from the request, and nothing that they say", () => {
    const scope = { userId: "u", sessionId: "s" };
    expect(told({ memory: "a", user_id: null }, scope)).toMatchObject(scope);
    expect(told({ memory: "a", user_id: "v" }, scope)).toMatchObject({ userId: "v", sessionId: "s" });
  });

  it("in no known form are import.format, without their words", () => {
    for (const row of [{ secret: "words" }, "words", null, 7, undefined]) {
      expect(() => parse(row)).toThrow(
        expect.objectContaining({
          code: "import.format",
          message: expect.not.stringContaining("words") as string,
        }) as Error,
      );
    }
  });
});

describe("the header of an export", () => {
  it("of a newer version is refused, anything else is none", () => {
    expect(() => checkHeader({ type: "export", format: "memory-nexus", version: 1 })).not.toThrow();
    expect(() => checkHeader({ memory: "a" })).not.toThrow();
    expect(() => checkHeader({ type: "export", format: "memory-nexus", version: 2 })).toThrow("newer release");
  });

  it.each([
    ["without a version", { type: "export", format: "memory-nexus" }, "version"],
    ["whose version is a text", { type: "export", format: "memory-nexus", version: "1" }, "version"],
    ["whose version is no whole number", { type: "export", format: "memory-nexus", version: 0.5 }, "version"],
    ["of another format", { type: "export", format: "others", version: 1 }, "format"],
  ])("%s says what is wrong with it, and nothing of newer releases", (_what, header, field) => {
    expect(() => checkHeader(header)).toThrow(
      expect.objectContaining({
        code: "import.format",
        message: expect.stringMatching(new RegExp(`^\\[nexus\\] ${field} (?!.*newer)`)) as string,
      }) as Error,
    );
  });
});
