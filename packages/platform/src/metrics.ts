/** A registry of counters, gauges and histograms that writes itself as Prometheus text (exposition format 0.0.4). */

import type { Labels } from "@nexus/core";
import { MAX_SERIES_PER_METRIC } from "./defaults.ts";
import { bucketsOf, helpOf } from "./metric-catalogue.ts";

type MetricKind = "counter" | "gauge" | "histogram";

interface Series {
  readonly labels: Labels;
  /** A counter's or gauge's value; a histogram's sum. */
  value: number;
  count: number;
  /** Observations at most as large as each bound and larger than the one before it. */
  readonly inBucket: number[];
}

interface Metric {
  readonly kind: MetricKind;
  readonly buckets: readonly number[];
  readonly series: Map<string, Series>;
}

export interface Metrics {
  count(name: string, labels?: Labels, by?: number): void;
  gauge(name: string, value: number, labels?: Labels): void;
  observe(name: string, value: number, labels?: Labels): void;
  /** The text that a Prometheus server reads. */
  exposition(): string;
}

const PREFIX = "nexus_";
const NONE: Labels = {};

/** The first use of a name fixes its kind; values that are not finite, and later uses of another kind, are dropped. */
export function createMetrics(): Metrics {
  const metrics = new Map<string, Metric>();

  function seriesOf(name: string, kind: MetricKind, labels: Labels): { metric: Metric; series: Series } | undefined {
    let metric = metrics.get(name);
    if (!metric) {
      metric = { kind, buckets: kind === "histogram" ? bucketsOf(name) : [], series: new Map() };
      metrics.set(name, metric);
    }
    if (metric.kind !== kind) return undefined;
    const series = metric.series.get(keyOf(labels)) ?? addSeries(metric, labels);
    return { metric, series };
  }

  return {
    count(name, labels = NONE, by = 1) {
      if (!(by >= 0 && Number.isFinite(by))) return;
      const found = seriesOf(name, "counter", labels);
      if (found) found.series.value += by;
    },
    gauge(name, value, labels = NONE) {
      if (!Number.isFinite(value)) return;
      const found = seriesOf(name, "gauge", labels);
      if (found) found.series.value = value;
    },
    observe(name, value, labels = NONE) {
      if (!Number.isFinite(value)) return;
      const found = seriesOf(name, "histogram", labels);
      if (!found) return;
      const { metric, series } = found;
      series.value += value;
      series.count++;
      const bucket = metric.buckets.findIndex((bound) => value <= bound);
      if (bucket >= 0) series.inBucket[bucket] = (series.inBucket[bucket] ?? 0) + 1;
    },
    exposition: () => [...metrics].map(([name, metric]) => writeMetric(PREFIX + name, helpOf(name), metric)).join(""),
  };
}

/** Beyond the limit all new label sets share one series whose values are `other`. */
function addSeries(metric: Metric, labels: Labels): Series {
  let kept = labels;
  if (metric.series.size >= MAX_SERIES_PER_METRIC) {
    kept = Object.fromEntries(Object.keys(labels).map((label) => [label, "other"]));
    const other = metric.series.get(keyOf(kept));
    if (other) return other;
  }
  const series: Series = { labels: { ...kept }, value: 0, count: 0, inBucket: metric.buckets.map(() => 0) };
  metric.series.set(keyOf(kept), series);
  return series;
}

function keyOf(labels: Labels): string {
  let key = "";
  for (const label in labels) key += `${label}\0${labels[label]}\0`;
  return key;
}

function writeMetric(name: string, help: string, metric: Metric): string {
  const head = `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${metric.kind}\n`;
  const lines = [...metric.series.values()].map((series) =>
    metric.kind === "histogram"
      ? writeHistogram(name, metric.buckets, series)
      : `${name}${writeLabels(series.labels)} ${series.value}\n`,
  );
  return head + lines.join("");
}

function writeHistogram(name: string, buckets: readonly number[], series: Series): string {
  let total = 0;
  const lines = buckets.map((bound, i) => {
    total += series.inBucket[i] ?? 0;
    return `${name}_bucket${writeLabels({ ...series.labels, le: String(bound) })} ${total}\n`;
  });
  const all = `${name}_bucket${writeLabels({ ...series.labels, le: "+Inf" })} ${series.count}\n`;
  const labels = writeLabels(series.labels);
  return `${lines.join("")}${all}${name}_sum${labels} ${series.value}\n${name}_count${labels} ${series.count}\n`;
}

function writeLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeValue(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
