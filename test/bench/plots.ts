/** Pictures of a run of benches: how long each path takes, and how that grows with the number of memories. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { barChart } from "../support/charts/bar-chart.ts";
import { lineChart } from "../support/charts/line-chart.ts";
import type { Row } from "./harness/bench.ts";

/** The files written; a picture whose bench was not run is left out. */
export function writePlots(folder: string, rows: readonly Row[]): string[] {
  const pictures = [latencyPlot(rows), growthPlot(rows)].filter((picture) => picture !== undefined);
  if (pictures.length > 0) mkdirSync(folder, { recursive: true });
  return pictures.map(({ name, svg }) => {
    const file = join(folder, `${name}.svg`);
    writeFileSync(file, svg);
    return file;
  });
}

interface Picture {
  readonly name: string;
  readonly svg: string;
}

/** As the recall bench names its cases: "smart path, distinct queries; 10000 memories, in process". */
const CASE = /^(.+?)(?: path, distinct queries|, distinct queries)?; (\d+) memories, in process$/;
const SHOWN = ["cache hit", "smart", "full", "maximum"];

interface Timed {
  readonly path: string;
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
}

function timed(rows: readonly Row[]): Timed[] {
  const recall = rows.filter(({ bench }) => bench === "recall");
  const find = (name: string, metric: string): number | undefined =>
    recall.find((row) => row.case === name && row.metric === metric)?.value;
  return [...new Set(recall.map((row) => row.case))].flatMap((name): Timed[] => {
    const [, path = "", count = ""] = CASE.exec(name) ?? [];
    const [p50, p95] = [find(name, "p50"), find(name, "p95")];
    if (!SHOWN.includes(path) || p50 === undefined || p95 === undefined) return [];
    return [{ path, count: Number(count), p50, p95 }];
  });
}

function latencyPlot(rows: readonly Row[]): Picture | undefined {
  const all = timed(rows);
  if (all.length === 0) return undefined;
  const most = Math.max(...all.map(({ count }) => count));
  const svg = barChart({
    title: `Latency by path, ${most.toLocaleString("en")} memories in one tenant`,
    description: "Milliseconds of a search in process, median and 95th percentile, on each path.",
    axis: "milliseconds, in process",
    series: ["p50", "p95"],
    groups: SHOWN.flatMap((path) => {
      const one = all.find((row) => row.path === path && row.count === most);
      return one ? [{ name: path, values: [one.p50, one.p95] }] : [];
    }),
  });
  return { name: "latency", svg };
}

/** One size shows no growth. */
function growthPlot(rows: readonly Row[]): Picture | undefined {
  const all = timed(rows);
  const series = SHOWN.map((path) => ({
    name: path,
    points: all.filter((one) => one.path === path).map(({ count, p50 }): [number, number] => [count, p50]),
  })).filter(({ points }) => points.length > 1);
  if (series.length === 0) return undefined;
  const svg = lineChart({
    title: "Median latency by number of memories",
    description:
      "Median milliseconds of a search on each path, by the number of memories in the tenant, both axes logarithmic.",
    x: { name: "memories in the tenant", scale: "log" },
    y: { name: "milliseconds, median", scale: "log" },
    series,
  });
  return { name: "growth", svg };
}
