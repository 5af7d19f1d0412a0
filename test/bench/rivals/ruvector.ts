/** @ruvector/core: native; every call is a promise that a thread of its own settles. Labels are strings. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "./load.ts";
import { type Rival, rowOf } from "./rival.ts";

interface Module {
  readonly default: {
    readonly VectorDb: new (options: object) => {
      insertBatch(entries: { id: string; vector: Float32Array }[]): Promise<string[]>;
      search(query: { vector: Float32Array; k: number }): Promise<{ readonly id: string }[]>;
    };
  };
}

const BATCH = 1_000;
/** Its search obeys the ef that it was made with and not the one of a query. Recall@10 of 10,000 real vectors was 0.976 at 64 and 0.984 at 256. */
const EF = 256;

export const ruvector: Rival = {
  name: "@ruvector/core",
  native: true,
  seconds: 150,
  efs: [EF],
  async build(rows, { m, efConstruction }) {
    // It inserts a batch on all cores otherwise. Read once, when the library is first used.
    process.env["RAYON_NUM_THREADS"] = "1";
    const module = await load<Module>("@ruvector/core");
    if (!module) return undefined;
    const count = rows.vectors.length / rows.dimension;
    const folder = mkdtempSync(join(tmpdir(), "nexus-bench-ruvector-"));
    const database = new module.default.VectorDb({
      dimensions: rows.dimension,
      storagePath: join(folder, "vectors"),
      // Its inner product finds nothing: recall@10 0.002.
      distanceMetric: "Cosine",
      hnswConfig: { m, efConstruction, efSearch: EF, maxElements: count },
      quantization: { type: "none" },
    });
    for (let from = 0; from < count; from += BATCH) {
      const size = Math.min(BATCH, count - from);
      const entries = Array.from({ length: size }, (_, i) => ({ id: String(from + i), vector: rowOf(rows, from + i) }));
      await database.insertBatch(entries);
    }
    return {
      prepare: (query) => query,
      setEf() {},
      search: async (query, k) =>
        (await database.search({ vector: query as Float32Array, k })).map(({ id }) => Number(id)),
      close: () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};
