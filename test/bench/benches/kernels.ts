/** Kernels over resident rows beside plain JavaScript loops over the same numbers, in Node and in workerd. */

import { type Kernels, loadKernels } from "@nexus/kernels";
import { installed } from "../../runtime/kernels-worker.ts";
import { type Bench, type Context, less, type Row } from "../harness/bench.ts";
import { interleaved, median } from "../harness/measure.ts";
import { inWorkerd } from "./kernels-in-workerd.ts";
import { rowOf, shapeName, type Shapes } from "./kernels-rows.ts";
import { BUILDS, KINDS, LOOP_NANOSECONDS, loopOf, LOOPS, type Numbers, numbersOf, passOf } from "./kernels-cases.ts";

/** Dimensions and rows. f32 rows of the last line fit into a third-level cache, as those of the first do; the others come from memory. */
const SHAPES = [
  [384, 10_000],
  [768, 10_000],
  [1536, 10_000],
  [1536, 2_500],
] as const;
/** An isolate has 128 MB in production: the shapes that stay in the cache. */
const WORKERD_SHAPES = [SHAPES[0], SHAPES[3]] as const;

export const kernels: Bench = {
  name: "kernels",
  about: "one query against resident rows, relaxed and strict wasm beside scalar JavaScript, in Node and in workerd",
  steps: (context) => [
    { what: "Node", seconds: context.size(90, 3) },
    { what: "workerd", seconds: context.size(60, 5) },
  ],
  async run(context) {
    const rows: Row[] = [];
    for (const [dimension, count] of shapesOf(context, SHAPES)) {
      context.progress(`Node, d = ${dimension}`);
      const numbers = numbersOf(dimension, count);
      rows.push(...(await inNode(numbers, context)), ...(await others(numbers, context)));
    }
    if (installed) rows.push(...(await inWorkerd(shapesOf(context, WORKERD_SHAPES), context)));
    else console.error("workerd is left out: run `npm ci --prefix test/runtime` first");
    return rows;
  },
};

function shapesOf(context: Context, usual: Shapes): Shapes {
  return context.scale === "quick" ? [[384, 500]] : usual;
}

/** Samples take about as long as one of the loop, so that whatever else the machine does hits all of them alike. */
async function inNode(numbers: Numbers, context: Context): Promise<Row[]> {
  const rows: Row[] = [];
  for (const rival of LOOPS) {
    const timed = KINDS.filter((kind) => kind.rival === rival).flatMap((kind) =>
      BUILDS.map((build) => {
        const passes = Math.round(LOOP_NANOSECONDS / kind.nanoseconds);
        return { kind, build, passes, name: kind.name, run: repeated(passOf(kind, build, numbers), passes) };
      }),
    );
    const cases = [{ passes: 1, name: "loop", run: loopOf(rival, numbers) }, ...timed];
    const samples = await interleaved(cases, { warmUp: 5, rounds: context.size(31, 3) });
    const [loop, ...own] = samples.map((one, i) => (median(one) * 1e6) / numbers.count / cases[i]!.passes);
    rows.push(...timed.map((one, i) => rowOf("Node", one.kind, one.build, numbers, own[i]!, loop!)));
  }
  return rows;
}

function repeated(pass: () => number, times: number): () => number {
  return () => {
    let sum = 0;
    for (let i = 0; i < times; i++) sum += pass();
    return sum;
  };
}

/** What else one may do with f32 rows, each beside its simpler way; the bytes that a query leaves behind. */
async function others(numbers: Numbers, context: Context): Promise<Row[]> {
  const { dimension, count, query, rows } = numbers;
  const own: Kernels = loadKernels();
  const resident = own.createRows({ dimension, format: "f32", metric: "dot" });
  for (let i = 0; i < count; i++) resident.append(rows.subarray(i * dimension, (i + 1) * dimension));
  const scores = new Float32Array(16 * count);
  const found = new Uint32Array(10);
  const queries = Float32Array.from({ length: 16 * dimension }, (_, i) => query[i % dimension]!);
  const cases = [
    { name: "one at a time", share: 1, run: () => resident.score(query, scores) },
    { name: "copied in", share: 1, run: () => own.dotMany(query, rows, scores.subarray(0, count)) },
    { name: "batch of 16", share: 16, run: () => resident.scoreBatch(queries, scores) },
    { name: "top 10", share: 1, run: () => resident.top(query, 10, found, scores) },
  ];
  const samples = await interleaved(cases, { warmUp: 5, rounds: context.size(31, 3), calls: 4 });
  const nanoseconds = samples.map((one, i) => (median(one) * 1e6) / count / cases[i]!.share);
  const rival = { rival: "f32 dot, one at a time", rivalValue: nanoseconds[0]! };
  return [
    ...cases.slice(1).map(({ name }, i) => ({
      bench: "kernels",
      case: `f32 dot, ${name}, Node, relaxed, ${shapeName(numbers)}`,
      metric: "time per vector and query",
      value: nanoseconds[i + 1]!,
      unit: "ns",
      ...less(nanoseconds[i + 1]!, rival),
    })),
    {
      bench: "kernels",
      case: `f32 top 10, Node, relaxed, ${shapeName(numbers)}`,
      metric: "garbage per query",
      value: garbage(() => resident.top(query, 10, found, scores), context.size(2_000, 200)),
      unit: "B",
    },
  ];
}

/** Bytes of JavaScript heap that a call allocates, as long as no collection falls into the calls: the smallest of five tries. */
function garbage(run: () => unknown, calls: number): number {
  let least = Infinity;
  for (let attempt = 0; attempt < 5; attempt++) {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < calls; i++) run();
    const grown = process.memoryUsage().heapUsed - before;
    if (grown >= 0) least = Math.min(least, grown / calls);
  }
  return least;
}
