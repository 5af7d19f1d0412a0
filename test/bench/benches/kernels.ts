/** Dot products of one query with many rows: both wasm builds beside plain JavaScript. */

import { readFileSync } from "node:fs";
import { createKernels, hasRelaxedSimd, type Kernels, scalarKernels } from "@nexus/kernels";
import { seeded } from "../../support/random.ts";
import { type Bench, type Context, less, type Row } from "../harness/bench.ts";
import { interleaved, median } from "../harness/measure.ts";

const DIMENSIONS = [256, 384, 768, 1536];

export const kernels: Bench = {
  name: "kernels",
  about: "f32 dot product of one query with 2,000 rows, relaxed and strict wasm beside scalar JavaScript",
  async run(context) {
    const rows: Row[] = [];
    for (const dimension of DIMENSIONS) rows.push(...(await at(dimension, context)));
    return rows;
  },
};

async function at(dimension: number, context: Context): Promise<Row[]> {
  const count = context.size(2_000, 200);
  const random = seeded(dimension);
  const rows = Float32Array.from({ length: count * dimension }, () => random() - 0.5);
  const query = Float32Array.from({ length: dimension }, () => random() - 0.5);
  const builds = [...(hasRelaxedSimd() ? [compiled("relaxed")] : []), compiled("strict"), scalarKernels];
  const cases = builds.map((kernels) => {
    const scores = new Float32Array(count);
    return {
      name: kernels.build,
      run(i: number) {
        kernels.dotMany(query, rows, scores);
        return scores[i % count];
      },
    };
  });
  const samples = await interleaved(cases, { warmUp: 20, rounds: context.size(100, 5) });
  const nanoseconds = samples.map((one) => (median(one) * 1e6) / count);
  const scalar = nanoseconds.at(-1) ?? Number.NaN;
  return nanoseconds.slice(0, -1).map((value, i) => ({
    bench: "kernels",
    case: `f32 dot, ${builds[i]?.build}, d = ${dimension}`,
    metric: "time per vector, median",
    value,
    unit: "ns",
    ...less(value, { rival: "scalar JavaScript", rivalValue: scalar }),
  }));
}

function compiled(build: "relaxed" | "strict"): Kernels {
  const file = new URL(`../../../.build/wasm/kernels.${build}.wasm`, import.meta.url);
  return createKernels(new WebAssembly.Module(readFileSync(file)));
}
