import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Arena, createArena, sizeClass } from "./arena.ts";

const PAGE = 65_536;

interface Region {
  readonly offset: number;
  readonly bytes: number;
}

function memoryOf(kind: "shared" | "unshared"): WebAssembly.Memory {
  return new WebAssembly.Memory(kind === "shared" ? { initial: 0, maximum: 512, shared: true } : { initial: 0 });
}

const sizes = fc.oneof(fc.integer({ min: 0, max: 4_096 }), fc.integer({ min: 1, max: 5 * PAGE }));
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("allocate" as const), bytes: sizes }),
    fc.record({ kind: fc.constant("release" as const), which: fc.nat(1_000) }),
  ),
  { maxLength: 200 },
);

/** Takes or gives one region; a full arena is an outcome. */
function play(
  arena: Arena,
  live: Region[],
  step: { kind: "allocate"; bytes: number } | { kind: "release"; which: number },
): void {
  if (step.kind === "release") {
    const [region] = live.splice(step.which % Math.max(1, live.length), 1);
    if (region !== undefined) arena.release(region.offset, region.bytes);
    return;
  }
  const before = arena.stats();
  try {
    live.push({ offset: arena.allocate(step.bytes), bytes: step.bytes });
  } catch (error) {
    expect(error).toMatchObject({ code: "index.full" });
    expect(arena.stats()).toEqual(before);
  }
}

describe.each(["shared", "unshared"] as const)("arena in %s memory", (kind) => {
  test("regions are aligned, in memory, within the budget and never overlap", () => {
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 0, max: 2_000 }),
        fc.integer({ min: 0, max: 40 * PAGE }),
        (all, base, maxBytes) => {
          const memory = memoryOf(kind);
          const arena = createArena(memory, { base, maxBytes });
          const live: Region[] = [];
          for (const step of all) {
            play(arena, live, step);
            const sorted = live.toSorted((a, b) => a.offset - b.offset);
            let end = base;
            for (const { offset, bytes } of sorted) {
              expect(offset).toBeGreaterThanOrEqual(end);
              expect(offset % 64).toBe(0);
              end = offset + sizeClass(bytes);
            }
            expect(end).toBeLessThanOrEqual(Math.max(base, memory.buffer.byteLength));
            const { usedBytes, freeBytes, reservedBytes } = arena.stats();
            expect(usedBytes).toBe(live.reduce((sum, { bytes }) => sum + sizeClass(bytes), 0));
            expect(usedBytes + freeBytes).toBe(reservedBytes);
            expect(freeBytes).toBeGreaterThanOrEqual(0);
            expect(reservedBytes).toBeLessThanOrEqual(maxBytes);
          }
        },
      ),
      { numRuns: 200, seed: 42 },
    );
  });

  test("what a region holds stays until it is released, through growth and reuse", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const memory = memoryOf(kind);
        const arena = createArena(memory, { base: 0, maxBytes: 400 * PAGE });
        const live: Region[] = [];
        const marks = new Map<Region, number>();
        for (const [i, step] of all.entries()) {
          const count = live.length;
          play(arena, live, step);
          const added = live.length > count ? live.at(-1) : undefined;
          const bytes = new Uint8Array(memory.buffer);
          if (added !== undefined) {
            marks.set(added, (i % 255) + 1);
            bytes.fill((i % 255) + 1, added.offset, added.offset + added.bytes);
          }
          for (const region of live.filter((one) => one.bytes > 0)) {
            expect(bytes[region.offset]).toBe(marks.get(region));
            expect(bytes[region.offset + region.bytes - 1]).toBe(marks.get(region));
          }
        }
      }),
      { numRuns: 100, seed: 42 },
    );
  });
});

describe("arena", () => {
  test("a released region of the same class is what the next allocation gets", () => {
    const arena = createArena(memoryOf("unshared"), { base: 0, maxBytes: 100 * PAGE });
    for (const [released, asked] of [
      [600, 1_024],
      [512, 1],
      [2 * PAGE, PAGE + 1],
    ] as const) {
      const first = arena.allocate(released);
      arena.release(first, released);
      expect(arena.allocate(asked)).toBe(first);
    }
    expect(arena.stats()).toMatchObject({ allocations: 6, reuses: 3 });
  });

  test("reserved bytes stay flat while equally many regions of changing sizes come and go", () => {
    const memory = memoryOf("unshared");
    const arena = createArena(memory, { base: 0, maxBytes: 2_000 * PAGE });
    const live: Region[] = [];
    const reserved: number[] = [];
    let state = 42;
    for (let i = 0; i < 30_000; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const bytes = (state >>> 8) % (i % 3 === 0 ? 6 * PAGE : 3_000);
      if (live.length >= 60) {
        const [oldest] = live.splice(state % 60, 1);
        arena.release(oldest!.offset, oldest!.bytes);
      }
      live.push({ offset: arena.allocate(bytes), bytes });
      if (i % 10_000 === 9_999) reserved.push(arena.stats().reservedBytes);
    }
    expect(reserved[2]).toBeLessThanOrEqual(reserved[0]! * 1.1);
    expect(memory.buffer.byteLength).toBeLessThanOrEqual(reserved[2]! * 1.25);
  });

  test("pages that were released melt together for a larger region", () => {
    const arena = createArena(memoryOf("unshared"), { base: 0, maxBytes: 4 * PAGE });
    const pages = Array.from({ length: 4 }, () => arena.allocate(PAGE));
    for (const i of [2, 0, 3, 1]) arena.release(pages[i]!, PAGE);
    expect(arena.allocate(4 * PAGE)).toBe(0);
  });

  test("an engine that gives no memory is index.full before the budget, and smaller regions still fit", () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 3 });
    const arena = createArena(memory, { base: 64, maxBytes: 100 * PAGE });
    const first = arena.allocate(PAGE);
    expect(() => arena.allocate(2 * PAGE)).toThrow(expect.objectContaining({ code: "index.full" }));
    expect(arena.allocate(PAGE)).toBe(first + PAGE);
  });

  test("what is no number of bytes is index.full", () => {
    const arena = createArena(memoryOf("unshared"), { base: 0, maxBytes: 100 * PAGE });
    for (const bytes of [-1, 0.5, Number.NaN, Infinity]) {
      expect(() => arena.allocate(bytes)).toThrow(expect.objectContaining({ code: "index.full" }));
    }
    expect(arena.stats().reservedBytes).toBe(0);
  });
});
