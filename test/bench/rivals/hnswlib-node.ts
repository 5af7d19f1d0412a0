/** hnswlib-node: native, compiled where it is installed. It takes arrays of numbers, not typed arrays. */

import { load } from "./load.ts";
import { type Rival, rowOf } from "./rival.ts";

interface Module {
  readonly default: {
    readonly HierarchicalNSW: new (
      space: string,
      dimension: number,
    ) => {
      initIndex(options: object): void;
      addPoint(point: number[], label: number): void;
      setEf(ef: number): void;
      searchKnn(query: number[], k: number): { readonly neighbors: number[] };
    };
  };
}

export const hnswlibNode: Rival = {
  name: "hnswlib-node",
  native: true,
  seconds: 55,
  async build(rows, { m, efConstruction }) {
    const module = await load<Module>("hnswlib-node");
    if (!module) return undefined;
    const count = rows.vectors.length / rows.dimension;
    const index = new module.default.HierarchicalNSW("ip", rows.dimension);
    index.initIndex({ maxElements: count, m, efConstruction, randomSeed: 100 });
    for (let i = 0; i < count; i++) index.addPoint([...rowOf(rows, i)], i);
    return {
      prepare: (query) => [...query],
      setEf: (ef) => index.setEf(ef),
      search: (query, k) => index.searchKnn(query as number[], k).neighbors,
      close() {},
    };
  },
};
