import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FileRows } from "./live.ts";
import { type MergeCandidate, nextRun } from "./merge-policy.ts";

const file = (kind: MergeCandidate["kind"], bytes: number, rows: Partial<FileRows> = {}): MergeCandidate => ({
  kind,
  bytes,
  rows: Object.assign(new FileRows(), rows),
});
const segment = (bytes: number, live = bytes, removed = 0): MergeCandidate =>
  file("segment", bytes, { memories: bytes, live, removed });

describe("merge policy", () => {
  test("a closed log becomes a segment at once and takes along what is no larger", () => {
    expect(nextRun([segment(100), file("log", 10)])).toEqual([1, 2]);
    expect(nextRun([segment(100), segment(30), segment(20), file("log", 10), file("log", 10)])).toEqual([1, 5]);
    expect(nextRun([segment(20), segment(20), file("log", 20)])).toEqual([0, 3]);
  });

  test("without closed logs nothing is merged while more than half of it is live", () => {
    expect(nextRun([])).toBeUndefined();
    expect(nextRun([segment(100, 60), segment(10, 5)])).toBeUndefined();
  });

  test("a segment mostly dead is rewritten, and everything when most of everything is dead or ids of removed memories", () => {
    expect(nextRun([segment(100), segment(10, 4)])).toEqual([1, 2]);
    expect(nextRun([segment(100, 40), segment(10, 9)])).toEqual([0, 2]);
    expect(nextRun([segment(100, 70), segment(1, 1, 80)])).toEqual([0, 2]);
  });

  test("logs of one size leave at most log2(n) + 1 segments, and each record is copied as often at most", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (rolls) => {
        let files: MergeCandidate[] = [];
        let copied = 0;
        for (let i = 0; i < rolls; i++) {
          files.push(file("log", 16));
          for (let run = nextRun(files); run; run = nextRun(files)) {
            const bytes = files.slice(...run).reduce((sum, one) => sum + one.bytes, 0);
            copied += bytes;
            files = files.toSpliced(run[0], run[1] - run[0], segment(bytes));
          }
        }
        const bound = Math.log2(rolls) + 1;
        expect(files.length).toBeLessThanOrEqual(bound);
        expect(copied / (16 * rolls)).toBeLessThanOrEqual(bound);
      }),
    );
  });
});
