/** hnswlib-wasm: the wasm rival. Of those on npm that run in Node 24 it was the fastest to build and to search (edgevec 0.9 took five times as long to build 5,000 × 384, voy has no graph). */

import { pathToFileURL } from "node:url";
import { fileOf, load } from "./load.ts";
import { type Rival, rowOf } from "./rival.ts";

interface Index {
  initIndex(count: number, m: number, efConstruction: number, seed: number): void;
  addPoint(point: Float32Array, label: number, replaceDeleted: boolean): void;
  setEfSearch(ef: number): void;
  searchKnn(query: Float32Array, k: number, filter: undefined): { readonly neighbors: number[] };
}

interface Module {
  readonly HierarchicalNSW: new (space: string, dimension: number, file: string) => Index;
}

/** Of the version in the lock file; its entry point wants IndexedDB, this file behind it does not. */
const FACTORY = "dist/hnswlib-317962d7.js";

export const hnswlibWasm: Rival = {
  name: "hnswlib-wasm",
  native: false,
  seconds: 240,
  async build(rows, { m, efConstruction }) {
    const module = await instance();
    if (!module) return undefined;
    const count = rows.vectors.length / rows.dimension;
    const index = new module.HierarchicalNSW("ip", rows.dimension, "");
    index.initIndex(count, m, efConstruction, 100);
    for (let i = 0; i < count; i++) index.addPoint(rowOf(rows, i), i, false);
    return {
      prepare: (query) => query,
      setEf: (ef) => index.setEfSearch(ef),
      search: (query, k) => index.searchKnn(query as Float32Array, k, undefined).neighbors,
      close() {},
    };
  },
};

/** It asks for a browser's window and uses nothing of it. */
async function instance(): Promise<Module | undefined> {
  const globals = globalThis as { window?: object };
  const before = globals.window;
  globals.window = before ?? globalThis;
  try {
    const loaded = await load<{ default: () => Promise<Module> }>(
      "hnswlib-wasm",
      pathToFileURL(fileOf("hnswlib-wasm", FACTORY)).href,
    );
    return await loaded?.default();
  } finally {
    if (before === undefined) delete globals.window;
  }
}
