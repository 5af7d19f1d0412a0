/** The kernels bench inside workerd, whose clock stands still during a request: the time is taken outside. */

import { bundleWorker, startWorker } from "../../runtime/kernels-worker.ts";
import type { Context, Row } from "../harness/bench.ts";
import { median } from "../harness/measure.ts";
import { type Build, BUILDS, type Kind, KINDS, LOOP_NANOSECONDS, LOOPS } from "./kernels-cases.ts";
import { rowOf, type Shapes } from "./kernels-rows.ts";

/** Takes turns as well; a sample is the time of 2 · n passes less that of n, so that the request itself does not count. */
export async function inWorkerd(shapes: Shapes, context: Context): Promise<Row[]> {
  const worker = await startWorker(await bundleWorker(new URL("kernels.workerd.ts", import.meta.url), "modules"));
  const time = async (url: string): Promise<number> => {
    const started = performance.now();
    const response = await worker.dispatchFetch(url);
    if (!response.ok) throw new Error(`workerd answered ${response.status}: ${await response.text()}`);
    await response.text();
    return performance.now() - started;
  };
  const passMs = async (kind: number, build: Build | "loop", d: number, count: number, ns: number): Promise<number> => {
    const passes = Math.max(2, Math.round(context.size(60e6, 20e6) / ((ns * count * d) / 384)));
    const url = `http://kernels/?kind=${kind}&build=${build}&d=${d}&n=${count}`;
    await time(`${url}&iterations=${Math.ceil(passes / 4)}`);
    return ((await time(`${url}&iterations=${2 * passes}`)) - (await time(`${url}&iterations=${passes}`))) / passes;
  };
  try {
    const rows: Row[] = [];
    for (const [d, count] of shapes) {
      context.progress(`workerd, d = ${d}`);
      const loops = new Map<string, number[]>();
      const own = new Map<string, { kind: Kind; build: Build; samples: number[] }>();
      for (let round = 0; round < context.size(5, 1); round++) {
        for (const rival of LOOPS) {
          const kind = KINDS.findIndex((one) => one.rival === rival);
          push(loops, rival, await passMs(kind, "loop", d, count, LOOP_NANOSECONDS));
        }
        for (const [i, kind] of KINDS.entries()) {
          for (const build of BUILDS) {
            const name = `${kind.name} ${build}`;
            const known = own.get(name) ?? { kind, build, samples: [] };
            own.set(name, known);
            known.samples.push(await passMs(i, build, d, count, kind.nanoseconds));
          }
        }
      }
      for (const { kind, build, samples } of own.values()) {
        const ns = (ms: number[]): number => (median(Float64Array.from(ms).sort()) * 1e6) / count;
        rows.push(rowOf("workerd", kind, build, { dimension: d, count }, ns(samples), ns(loops.get(kind.rival)!)));
      }
    }
    return rows;
  } finally {
    await worker.dispose();
  }
}

function push(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
