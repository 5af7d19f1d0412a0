/** Rows that come and go while queries are answered, as much as an hour of use brings: does memory stay where it is? */

import { fork } from "node:child_process";
import { once } from "node:events";
import type { Bench, Row } from "../../harness/bench.ts";
import type { SoakPoint, SoakTask } from "./soak-child.ts";

/** Ten points show a slope. */
const INTERVALS = 10;

export const soak: Bench = {
  name: "index-soak",
  about:
    "inserts, deletes and queries in a process of their own: resident bytes at intervals, and recall@10 at the end",
  steps: (context) => [{ what: "ours alone", seconds: secondsOf(context.scale) + context.size(10, 1) }],
  async run(context) {
    const task: SoakTask = {
      count: context.size(20_000, 2_000),
      dimension: 384,
      seconds: secondsOf(context.scale),
      intervals: INTERVALS,
    };
    const child = fork(new URL("soak-child.ts", import.meta.url), {
      execArgv: ["--expose-gc"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.send(task);
    const points: SoakPoint[] = [];
    child.on("message", (point) => points.push(point as SoakPoint));
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) throw new Error(`[bench] the soak ended with ${code}`);
    return rowsOf(points, task);
  },
};

function secondsOf(scale: "quick" | "usual" | "full"): number {
  return { quick: 3, usual: 60, full: 120 }[scale];
}

function rowsOf(points: readonly SoakPoint[], { count }: SoakTask): Row[] {
  const about = { bench: "index-soak", case: `${count.toLocaleString("en")} live rows × 384` };
  const last = points.at(-1)!;
  const half = points.slice(INTERVALS >> 1).map(({ residentBytes }) => residentBytes);
  const first = points[INTERVALS >> 1]!.residentBytes;
  return [
    ...points.map(({ inserted, deleted, asked, residentBytes, indexBytes }, i) => ({
      ...about,
      metric: `after interval ${i + 1}: ${inserted} inserted, ${deleted} deleted, ${asked} asked; the index counts`,
      value: indexBytes / 2 ** 20,
      unit: "MiB",
      residentBytes,
    })),
    {
      ...about,
      metric: "growth of resident bytes over the second half",
      value: (100 * (Math.max(...half) - first)) / first,
      unit: "%",
    },
    {
      ...about,
      metric: "queries per second while it runs, of the last interval",
      value: last.queriesPerSecond,
      unit: "1/s",
    },
    {
      ...about,
      metric: "deleted rows that were found",
      value: points.reduce((sum, one) => sum + one.wrong, 0),
      unit: "rows",
    },
    { ...about, metric: "of the graph, at the end", value: last.recall, unit: "recall", recallAt10: last.recall },
  ];
}
