/** usearch: native, SIMD chosen at run time. Inner product, because the vectors have unit length; f32 rows, and bf16 as its cheaper kind that keeps recall. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "./load.ts";
import type { GraphOptions, Rival, RivalIndex, Rows } from "./rival.ts";

interface Module {
  readonly Index: new (options: object) => Index;
}

interface Index {
  add(keys: BigUint64Array, vectors: Float32Array, threads: number): void;
  search(query: Float32Array, k: number, threads: number): { readonly keys: BigUint64Array };
  save(path: string): void;
  load(path: string): void;
}

export const usearch: Rival = rival("usearch f32", "f32", 45);
export const usearchHalf: Rival = rival("usearch bf16", "bf16", 22);

function rival(name: string, quantization: string, seconds: number): Rival {
  return {
    name,
    native: true,
    narrow: quantization !== "f32",
    seconds,
    async build(rows, options) {
      const module = await load<Module>("usearch");
      return module && indexOf(module, rows, { ...options, quantization });
    },
  };
}

function indexOf(
  { Index }: Module,
  { vectors, dimension }: Rows,
  { m, efConstruction, quantization }: GraphOptions & { quantization: string },
): RivalIndex<Float32Array> {
  const create = (ef: number): Index =>
    new Index({
      dimensions: dimension,
      metric: "ip",
      quantization,
      connectivity: m,
      expansion_add: efConstruction,
      expansion_search: ef,
      multi: false,
    });
  let ef = 64;
  let index = create(ef);
  const keys = BigUint64Array.from({ length: vectors.length / dimension }, (_, i) => BigInt(i));
  index.add(keys, vectors, 1);
  const folder = mkdtempSync(join(tmpdir(), "nexus-bench-usearch-"));
  const path = join(folder, "index");
  let saved = false;
  return {
    prepare: (query) => query,
    /** Fixed when an index is made, so the graph goes through a file. */
    setEf(next) {
      if (next === ef) return;
      if (!saved) index.save(path);
      saved = true;
      index = create((ef = next));
      index.load(path);
    },
    search: (query, k) => index.search(query, k, 1).keys,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
