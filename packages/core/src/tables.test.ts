import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jobRow, memoryRow } from "../../../test/support/record-rows.ts";
import { INDEXES, indexFields, keyOf, KEYS } from "./tables.ts";

const newest = (recordedAt: number, addedSeq: number): number =>
  Number(indexFields("memory", memoryRow("m", { recordedAt: new Date(recordedAt), addedSeq }))["newest"]);
const now = fc.integer({ min: 0, max: 4_102_444_800_000 });

describe("the position in newest-first lists", () => {
  it("is an exact integer that falls as time goes on, whatever the order of arrival", () => {
    fc.assert(
      fc.property(
        now,
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.nat(1_000_000),
        fc.nat(1_000_000),
        (at, later, a, b) => {
          expect(Number.isSafeInteger(newest(at, a))).toBe(true);
          expect(newest(at + later, a)).toBeLessThan(newest(at, b));
        },
      ),
    );
  });

  it("falls with arrival too, and is unique among 1,000 memories of one partition in one millisecond", () => {
    const positions = Array.from({ length: 1_000 }, (_, i) => newest(1_795_000_000_000, 7_000 + i));
    expect(new Set(positions).size).toBe(1_000);
    expect(positions).toEqual(positions.toSorted((a, b) => b - a));
    expect(newest(1_795_000_000_000, 8_000)).toBe(positions[0]);
  });

  it("stays where it was when a memory changes", () => {
    const added = memoryRow("m", { addedSeq: 3, seq: 3 });
    const changed = { ...added, seq: 90, version: 4, updatedAt: new Date(4_000_000_000_000) };
    expect(indexFields("memory", changed)).toEqual(indexFields("memory", added));
  });

  it("of a job follows its creation", () => {
    const at = (createdAt: Date): number => Number(indexFields("job", jobRow("j", { createdAt }))["newest"]);
    expect(at(new Date(2_000))).toBeLessThan(at(new Date(1_000)));
  });
});

describe("tables", () => {
  it("have keys of their own fields, in order", () => {
    expect(keyOf("memory", memoryRow("m1"))).toEqual(["m1"]);
    expect(keyOf("outbox", { partition: "ana", seq: 7, memoryIds: ["m"], createdAt: new Date(0) })).toEqual(["ana", 7]);
    expect(Object.values(INDEXES).every(({ table }) => table in KEYS)).toBe(true);
  });

  it("put memories of no user in a partition of their own", () => {
    expect(indexFields("memory", memoryRow("m"))["partition"]).toBe("_");
    expect(indexFields("memory", memoryRow("m", { userId: "ana" }))["partition"]).toBe("ana");
    expect(indexFields("chunk", {} as never)).toEqual({});
  });
});
