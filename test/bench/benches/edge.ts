/** What the kernels cost a Worker that carries them in its single file: bytes, and start-up beside an empty Worker. */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { bundleWorker, installed, startWorker, type WorkerModule } from "../../runtime/kernels-worker.ts";
import { type Bench, type Context, less, type Row } from "../harness/bench.ts";
import { interleaved, median } from "../harness/measure.ts";
import { type Build, BUILDS } from "./kernels-cases.ts";

const EMPTY = "export default { fetch: () => new Response('ok') };";

export const edge: Bench = {
  name: "edge",
  about: "the kernels in a single-file Worker: bytes, compilation, start-up in workerd beside an empty Worker",
  steps: (context) => [{ what: "workerd starts", seconds: context.size(30, 5) }],
  async run(context) {
    const rows = [...sizes(), ...(await compilation(context))];
    if (installed) rows.push(...(await starts(context)));
    else console.error("workerd is left out: run `npm ci --prefix test/runtime` first");
    return rows;
  },
};

function sizes(): Row[] {
  return BUILDS.flatMap((build) => {
    const bytes = wasmOf(build);
    return [
      { bench: "edge", case: `kernels.${build}.wasm`, metric: "bytes", value: bytes.length, unit: "B" },
      { bench: "edge", case: `kernels.${build}.wasm`, metric: "gzip", value: gzipSync(bytes).length, unit: "B" },
    ];
  });
}

/** What happens at the top level of such a Worker. */
async function compilation(context: Context): Promise<Row[]> {
  const cases = BUILDS.map((build) => {
    const bytes = wasmOf(build);
    return { name: build, run: () => new WebAssembly.Instance(new WebAssembly.Module(bytes)) };
  });
  const samples = await interleaved(cases, { warmUp: 3, rounds: context.size(50, 5) });
  return samples.map((one, i) => ({
    bench: "edge",
    case: `kernels.${BUILDS[i]}.wasm, from bytes, Node`,
    metric: "module and instance, median",
    value: median(one),
    unit: "ms",
  }));
}

/** From no process to the first answer, Workers in turn. */
async function starts(context: Context): Promise<Row[]> {
  const entry = new URL("edge.workerd.ts", import.meta.url);
  const single = await bundleWorker(entry, "bytes");
  const workers: readonly (readonly [string, readonly WorkerModule[]])[] = [
    ["empty", [{ type: "ESModule", path: "bundle.mjs", contents: EMPTY }]],
    ["both builds from bytes in a single file", single],
    ["both builds as modules", await bundleWorker(entry, "modules")],
  ];
  const samples = workers.map((): number[] => []);
  for (let round = 0; round < context.size(25, 2); round++) {
    context.progress(`start ${round}`);
    for (const [i, [, modules]] of workers.entries()) samples[i]!.push(await startMs(modules));
  }
  const [empty, ...rest] = samples.map((one) => median(Float64Array.from(one).sort()));
  const code = Buffer.from(single[0]!.contents);
  return [
    { bench: "edge", case: "Worker, single file", metric: "bytes", value: code.length, unit: "B" },
    { bench: "edge", case: "Worker, single file", metric: "gzip", value: gzipSync(code).length, unit: "B" },
    { bench: "edge", case: "Worker, empty", metric: "start, median", value: empty!, unit: "ms" },
    ...rest.map((value, i) => ({
      bench: "edge",
      case: `Worker, ${workers[i + 1]![0]}`,
      metric: "start, median",
      value,
      unit: "ms",
      ...less(value, { rival: "empty Worker", rivalValue: empty! }),
    })),
  ];
}

async function startMs(modules: readonly WorkerModule[]): Promise<number> {
  const started = performance.now();
  const worker = await startWorker(modules);
  try {
    await (await worker.dispatchFetch("http://edge/")).text();
    return performance.now() - started;
  } finally {
    await worker.dispose();
  }
}

function wasmOf(build: Build): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../../.build/wasm/kernels.${build}.wasm`, import.meta.url)));
}
