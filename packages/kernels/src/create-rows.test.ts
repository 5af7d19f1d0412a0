import { kernelModule } from "#wasm";
import { describe, expect, test } from "vitest";
import { createKernels } from "./create-kernels.ts";
import { scalarF16 } from "./scalar-codes.ts";

describe("resident rows", () => {
  test("a full memory is index.full, and every row that was there is still found", () => {
    const kernels = createKernels(kernelModule("strict"), { maxBytes: 1_000_000 });
    const rows = kernels.createRows({ dimension: 384, format: "f32", metric: "squaredL2" });
    const vector = (row: number): Float32Array => new Float32Array(384).fill(row);
    let full: unknown;
    while (full === undefined) {
      try {
        rows.append(vector(rows.count));
      } catch (error) {
        full = error;
      }
    }
    expect(full).toMatchObject({ code: "index.full" });
    expect(rows.count).toBe(512);
    expect(() => rows.append(vector(0))).toThrow(expect.objectContaining({ code: "index.full" }));
    const [found, distances] = [new Uint32Array(1), new Float32Array(1)];
    for (let row = 0; row < rows.count; row += 37) {
      expect(rows.top(vector(row), 1, found, distances)).toBe(1);
      expect([found[0], distances[0]]).toEqual([row, 0]);
    }
    rows.release();
    expect(rows.append(vector(0))).toBe(0);
  });

  test("two sets do not disturb each other, while both grow and are searched", () => {
    const kernels = createKernels(kernelModule("strict"));
    const sets = ([3, 200] as const).map((dimension) =>
      kernels.createRows({ dimension, format: "f32", metric: "squaredL2" }),
    );
    const [found, distances] = [new Uint32Array(1), new Float32Array(1)];
    for (let i = 0; i < 2_000; i++) {
      for (const set of sets) {
        set.append(new Float32Array(set.dimension).fill(i));
        if (i % 100 === 7) {
          set.top(new Float32Array(set.dimension).fill(i - 5), 1, found, distances);
          expect([found[0], distances[0]]).toEqual([i - 5, 0]);
        }
      }
    }
  });

  test("the oracle's binary16 is the engine's own, but for the largest in the place of infinity", () => {
    for (let bits = 0; bits < 2 ** 32; bits += 65_521) {
      const [x] = new Float32Array(Uint32Array.of(bits).buffer);
      if (Number.isFinite(x)) expect(scalarF16(x!)).toBe(Math.max(-65_504, Math.min(65_504, Math.f16round(x!))));
    }
  });
});
