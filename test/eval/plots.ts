/** Pictures of an evaluation: where recall comes from, how far confidence can be believed, how much a context holds. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { barChart } from "../support/charts/bar-chart.ts";
import { lineChart } from "../support/charts/line-chart.ts";
import { ARMS } from "./arms.ts";
import { bins } from "./calibration.ts";
import type { Row } from "./report.ts";
import type { Asked } from "./run.ts";

/** The files written; a picture whose figures were not measured is left out. */
export function writePlots(
  folder: string,
  rows: readonly Row[],
  asked: ReadonlyMap<string, readonly Asked[]>,
): string[] {
  mkdirSync(folder, { recursive: true });
  const pictures = [
    ...[...asked.keys()].filter(isConversation).map((set) => recallPlot(set, rows)),
    calibrationPlot(asked),
  ];
  return pictures
    .filter((picture) => picture !== undefined)
    .map(({ name, svg }) => {
      const file = join(folder, `${name}.svg`);
      writeFileSync(file, svg);
      return file;
    });
}

interface Picture {
  readonly name: string;
  readonly svg: string;
}

/** SciFact has one category. */
function isConversation(set: string): boolean {
  return set === "locomo" || set.startsWith("own/");
}

/** By category, then all: ours, each source by itself, plain BM25. */
function recallPlot(set: string, rows: readonly Row[]): Picture {
  const find = (metric: string): Row | undefined => rows.find((row) => row.set === set && row.metric === metric);
  const categories = rows
    .filter((row) => row.set === set)
    .map(({ metric }) => /^recall@10 (.+)$/.exec(metric)?.[1])
    .filter((group) => group !== undefined && !group.endsWith("alone")) as string[];
  const groups = categories.map((name) => ({
    name,
    values: [find(`recall@10 ${name}`)?.value, find(`recall@10 ${name}`)?.baseline ?? undefined],
  }));
  const all = find("recall@10");
  const sources = ARMS.map((arm) => ({
    name: `${arm} alone`,
    values: [find(`recall@10 ${arm} alone`)?.value, undefined],
  }));
  return {
    name: `recall-${set.replaceAll("/", "-")}`,
    svg: barChart({
      title: `recall@10, ${set}`,
      description: `Share of the evidence turns among the first ten results on ${set}, by category and source, beside plain BM25.`,
      axis: "recall@10, share of evidence turns",
      series: ["Memory Nexus", "plain BM25"],
      groups: [...groups, { name: "all", values: [all?.value, all?.baseline ?? undefined] }, ...sources],
      most: 1,
    }),
  };
}

function calibrationPlot(asked: ReadonlyMap<string, readonly Asked[]>): Picture | undefined {
  const series = [...asked]
    .filter(([set]) => isConversation(set))
    .map(([name, all]) => ({
      name,
      points: bins(all)
        .filter(({ count }) => count >= LEAST)
        .map(({ confidence, right }): [number, number] => [confidence, right]),
    }));
  if (series.length === 0) return undefined;
  const svg = lineChart({
    title: "Confidence against how often it was right",
    description:
      "Share of first results that were right, by the confidence that was stated; the dashed line is perfect calibration.",
    x: { name: `stated confidence (bins of ${LEAST} answers or more)`, scale: "linear", range: [0, 1] },
    y: { name: "share of first results that were right", scale: "linear", range: [0, 1] },
    series,
    diagonal: true,
  });
  return { name: "calibration", svg };
}

/** Answers that a bin needs to say anything. */
const LEAST = 8;
