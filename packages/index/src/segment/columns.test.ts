import { NexusError } from "@nexus/core";
import { describe, expect, test } from "vitest";
import { BLOCK_ROWS, Columns, NONE } from "./columns.ts";
import { Scratch } from "./scratch.ts";
import { SegmentMemory } from "./segment-memory.ts";

describe("columns", () => {
  test.each([1, 3, 16, 17, 100, 128, 129, 384, 1_536])(
    "rows of %i dimensions lie apart, aligned, in blocks that never move",
    (dimension) => {
      const memory = new SegmentMemory();
      const columns = new Columns(memory, { dimension, m: 16 });
      columns.reserve(BLOCK_ROWS);
      const first = [columns.headAt(0), columns.codesAt(0), columns.valuesAt(0), columns.linksAt(0)];
      columns.reserve(2 * BLOCK_ROWS + 1);
      expect([columns.headAt(0), columns.codesAt(0), columns.valuesAt(0), columns.linksAt(0)]).toEqual(first);
      const regions: [number, number][] = [];
      for (const row of [0, 1, BLOCK_ROWS - 1, BLOCK_ROWS, 2 * BLOCK_ROWS]) {
        expect(columns.codesAt(row) % 64).toBe(0);
        expect(columns.valuesAt(row) % 16).toBe(0);
        expect(columns.headAt(row) % 32).toBe(0);
        regions.push([columns.headAt(row), columns.headBytes], [columns.codesAt(row), columns.codeBytes]);
        regions.push([columns.valuesAt(row), columns.valueBytes], [columns.linksAt(row), 128]);
      }
      regions.sort(([a], [b]) => a - b);
      for (const [i, [at, bytes]] of regions.entries()) {
        const next = regions[i + 1]?.[0] ?? memory.memory.buffer.byteLength;
        expect(at + bytes).toBeLessThanOrEqual(next);
      }
      expect(columns.headBytes * 8).toBeGreaterThanOrEqual(dimension + 128);
      expect(columns.codeBytes).toBeGreaterThanOrEqual(dimension);
    },
  );

  test("a row has no links at first, on level 0 and on those it is raised to", () => {
    const memory = new SegmentMemory();
    const columns = new Columns(memory, { dimension: 4, m: 2 });
    columns.reserve(1);
    expect(columns.append()).toBe(0);
    memory.u8.fill(0, columns.headAt(0), columns.headAt(0) + columns.headBytes);
    columns.publish(0);
    columns.raise(0, 2);
    expect(columns.levelOf(0)).toBe(2);
    for (const [level, room] of [
      [0, 4],
      [1, 2],
      [2, 2],
    ] as const) {
      const at = columns.linksAt(0, level) / 4;
      expect([...memory.u32.subarray(at, at + room)]).toEqual(Array.from({ length: room }, () => NONE));
    }
    expect(columns.linksAt(0, 2) - columns.linksAt(0, 1)).toBe(8);
    expect([columns.rows, columns.entry]).toEqual([1, NONE]);
  });

  test("room that there is no memory for is refused; room found later is whole", () => {
    const memory = new SegmentMemory(2 ** 20);
    const columns = new Columns(memory, { dimension: 64, m: 16 });
    for (let again = 0; again < 3; again++) expect(() => columns.reserve(4 * BLOCK_ROWS)).toThrow(NexusError);
    expect(memory.stats().reservedBytes).toBeLessThanOrEqual(2 ** 20);
    columns.reserve(BLOCK_ROWS);
    expect(columns.codesAt(BLOCK_ROWS - 1)).toBeGreaterThan(0);
  });
});

describe("scratch", () => {
  const made = (maxBytes?: number): { memory: SegmentMemory; scratch: Scratch } => {
    const memory = new SegmentMemory(maxBytes);
    const columns = new Columns(memory, { dimension: 16, m: 16 });
    return { memory, scratch: new Scratch(memory, columns, { dimension: 16, m: 16, efConstruction: 128 }) };
  };

  test("pool and marks grow only where they must, and what they were is given back", () => {
    const { memory, scratch } = made();
    const before = memory.stats().usedBytes;
    expect(scratch.fitPool(100)).toBe(false);
    expect(scratch.fitPool(3_000)).toBe(true);
    expect(scratch.fitPool(3_000)).toBe(false);
    expect(scratch.fitRows(5_000)).toBe(true);
    expect(scratch.fitRows(5_000)).toBe(false);
    // 16 bytes a place, 3 a row, each region rounded up to a power of two.
    expect(memory.stats().usedBytes - before).toBeLessThan(2 * (16 * 3_000 + 3 * 5_000) + 1_024);
  });

  test("growth that is refused leaves it as it was, however often it is tried", () => {
    const { memory, scratch } = made(2 ** 20);
    const [pool, rows] = [scratch.pool, scratch.foundRows];
    const used = memory.stats().usedBytes;
    for (let again = 0; again < 3; again++) {
      expect(() => scratch.fitPool(60_000)).toThrow(NexusError);
      expect(() => scratch.fitRows(400_000)).toThrow(NexusError);
    }
    expect([scratch.pool, scratch.foundRows]).toEqual([pool, rows]);
    expect(memory.stats().usedBytes).toBe(used);
    expect(scratch.fitPool(600)).toBe(true);
  });
});
