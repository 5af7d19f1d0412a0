/** What a run says: rows for machines, a table for people, a file for each set with every question. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULTS } from "@nexus/memory";
import { ARMS } from "./arms.ts";
import { above, calibrationError } from "./calibration.ts";
import type { EvalSet } from "./eval-set.ts";
import { meanOf, METRICS } from "./metrics.ts";
import type { Asked } from "./run.ts";

export interface Row {
  readonly set: string;
  readonly metric: string;
  readonly value: number;
  /** Plain BM25 on the same questions; null where it has no such number. */
  readonly baseline: number | null;
}

/** Metrics over all questions and by category, each source alone, and how far confidence can be believed. */
export function rowsOf({ name }: EvalSet, asked: readonly Asked[]): Row[] {
  const categories = [...new Set(asked.map(({ category }) => category))].sort();
  return [
    ...metricRows(name, "", asked),
    ...(categories.length > 1
      ? categories.flatMap((category) =>
          metricRows(
            name,
            category,
            asked.filter((one) => one.category === category),
          ),
        )
      : []),
    ...calibrationRows(name, asked),
  ];
}

/** One line for all questions and for each category, then what is known of the confidence. */
export function print(set: EvalSet, rows: readonly Row[], questions: number): void {
  const { name, corpora, leftOut } = set;
  const items = corpora.reduce((sum, corpus) => sum + corpus.items.length, 0);
  const without = leftOut > 0 ? `; ${leftOut} left out, their evidence names no existing item` : "";
  console.log(`\n${name}: ${items} items, ${questions} questions${without}`);
  console.log(line(["", ...METRICS], "ours / plain BM25"));
  const cell = (metric: string): string => {
    const found = rows.find((row) => row.metric === metric);
    if (!found) return "";
    return found.baseline === null ? three(found.value) : `${three(found.value)}/${three(found.baseline)}`;
  };
  const groups = [
    ...new Set(rows.map(({ metric }) => /^recall@10(.*)$/.exec(metric)?.[1]).filter((group) => group !== undefined)),
  ];
  for (const group of groups)
    console.log(line([group.trim() || "all", ...METRICS.map((metric) => cell(`${metric}${group}`))]));
  const [ece, share, precision] = ["calibration error", "share at or above minConfidence", "precision there"].map(cell);
  console.log(
    `confidence: calibration error ${ece} (15 bins); at or above minConfidence ${DEFAULTS.fusion.minConfidence}: ${share} of answers, first result right in ${precision}`,
  );
}

export function writeQuestions(folder: string, { name }: EvalSet, asked: readonly Asked[]): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name.replaceAll("/", "-")}.json`);
  writeFileSync(file, `${JSON.stringify(asked, null, 1)}\n`);
  return file;
}

function metricRows(set: string, group: string, asked: readonly Asked[]): Row[] {
  const suffix = group === "" ? "" : ` ${group}`;
  const ours = meanOf(asked.map(({ metrics }) => metrics));
  const baseline = meanOf(asked.map(({ baseline }) => baseline));
  const whole = METRICS.map((metric) => ({
    set,
    metric: `${metric}${suffix}`,
    value: ours[metric],
    baseline: baseline[metric],
  }));
  if (group !== "") return whole;
  const arms = ARMS.flatMap((arm) => {
    const alone = meanOf(asked.map(({ arms }) => arms[arm]));
    return METRICS.map((metric) => ({
      set,
      metric: `${metric} ${arm} alone`,
      value: alone[metric],
      baseline: baseline[metric],
    }));
  });
  return [...whole, ...arms];
}

function calibrationRows(set: string, asked: readonly Asked[]): Row[] {
  const { count, precision } = above(asked, DEFAULTS.fusion.minConfidence);
  const row = (metric: string, value: number): Row => ({ set, metric, value, baseline: null });
  return [
    row("calibration error", calibrationError(asked)),
    row("share at or above minConfidence", count / asked.length),
    ...(count > 0 ? [row("precision there", precision)] : []),
  ];
}

function line(cells: readonly string[], note = ""): string {
  return `${cells.map((cell, i) => (i === 0 ? cell.padEnd(16) : cell.padStart(12))).join("")}  ${note}`.trimEnd();
}

function three(value: number): string {
  return value.toFixed(3).replace(/^0\./, ".");
}
