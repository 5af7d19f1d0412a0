/** What every part of the bench of our ways is given, and what it measures by. */

import { type Dataset, recallOf, vectorOf } from "../../../datasets/dataset.ts";
import type { Context, Row } from "../../../harness/bench.ts";
import { consume, median, percentile, type Samples } from "../../../harness/measure.ts";
import type { DenseSegment, SegmentQuery } from "@nexus/index/dense";
import { rowsOf } from "../ours.ts";

export interface Subject {
  readonly segment: DenseSegment;
  readonly dataset: Dataset;
  readonly context: Context;
}

export type Way = Omit<SegmentQuery, "k">;

export const K = 10;

/** recall@10 over the first `questions` queries. */
export function recallAt({ segment, dataset }: Subject, way: Way, questions: number): number {
  let sum = 0;
  for (let i = 0; i < questions; i++)
    sum += recallOf(dataset, i, rowsOf(segment.search(vectorOf(dataset.queries, i), { ...way, k: K })));
  return sum / questions;
}

/** The first setting with recall@10 ≥ 0.99, or the last. */
export function leastWith(subject: Subject, settings: readonly number[], of: (setting: number) => Way): Way {
  const { questions } = subject.dataset;
  const enough = settings.find((setting) => recallAt(subject, of(setting), questions) >= 0.99);
  return of(enough ?? settings.at(-1)!);
}

export function search({ segment, dataset }: Subject, way: Way): (i: number) => void {
  const options = { ...way, k: K };
  return (i) => consume(segment.search(vectorOf(dataset.queries, i % dataset.questions), options).count);
}

export function speed(samples: Samples): Pick<Row, "metric" | "value" | "unit"> {
  return { metric: "queries per second, from the median", value: 1_000 / median(samples), unit: "1/s" };
}

export function p99(samples: Samples): Pick<Row, "metric" | "value" | "unit"> {
  return { metric: "p99", value: percentile(samples, 0.99), unit: "ms" };
}
