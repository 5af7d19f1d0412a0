/** `nexus stats` */

import type { Readiness } from "@nexus/client";
import { command } from "../command.ts";
import { parseMetrics, type Sample, sumOf } from "../metrics.ts";
import { modelFigures } from "../model-figures.ts";
import { createPaint, type Paint } from "../print/paint.ts";
import { count } from "../print/progress.ts";
import { printJson } from "../terminal.ts";

const LABEL_WIDTH = 14;

export const stats = command({
  name: "stats",
  summary: "say how much is kept and how the server fares",
  usage: ["[options]", "nexus stats", "nexus stats --user me"],
  options: { user: { type: "string", short: "u", value: "<id>", help: "count the memories of this user only" } },
  notes: "Figures since the start are those of a running server; they are gone when it stops.",
  async run({ values, global, terminal, signal, connect }) {
    const { client, where, embedded } = await connect();
    const scope = values.user === undefined ? ({ confirm: "all" } as const) : { userId: values.user };
    const [health, ready, memories, metrics] = await Promise.all([
      client.health({ signal }),
      client.ready({ signal }),
      client.countMatching(scope, { signal }),
      client.metrics({ signal }),
    ]);
    const samples = parseMetrics(metrics);
    if (global.json) return printJson(terminal, { where, version: health.version, memories, ready, metrics: samples });
    const paint = createPaint(terminal.colour);
    const print = (label: string, text: string) => terminal.out(`  ${label.padEnd(LABEL_WIDTH)}${text}`);
    terminal.out(`Memory Nexus ${health.version} ${embedded ? "in this process, data in" : "at"} ${where}`);
    print("memories", `${count(memories)}${values.user === undefined ? "" : ` of user ${values.user}`}`);
    print("status", stateOf(ready.status, paint));
    for (const [name, dependency] of Object.entries(ready.dependencies)) print(name, dependencyOf(dependency, paint));
    if (embedded) return;
    terminal.out("since its start");
    for (const [label, text] of figuresOf(samples)) print(label, text);
  },
});

function stateOf(status: Readiness["status"], paint: Paint): string {
  return status === "ok" ? paint.good(status) : paint.bad(status);
}

function dependencyOf({ status, latencyMs, breaker }: Readiness["dependencies"][string], paint: Paint): string {
  const latency = latencyMs === null ? "" : `, ${latencyMs.toFixed(1)} ms`;
  return `${stateOf(status, paint)}${latency}${breaker === null || breaker === "closed" ? "" : `, breaker ${breaker}`}`;
}

/** Only what the server measured: a metric that is not there makes no line. */
function figuresOf(samples: readonly Sample[]): [string, string][] {
  const figures: [string, string][] = [];
  const requests = sumOf(samples, "nexus_requests_total");
  if (requests !== undefined) figures.push(["requests", count(requests)]);
  const events = samples.filter(({ name }) => name === "nexus_remember_total");
  if (events.length > 0) {
    figures.push(["remembered", events.map(({ labels, value }) => `${count(value)} ${labels["event"]}`).join(", ")]);
  }
  const recalls = sumOf(samples, "nexus_pipeline_latency_seconds_count");
  const seconds = sumOf(samples, "nexus_pipeline_latency_seconds_sum");
  if (recalls && seconds !== undefined) {
    figures.push(["recalls", `${count(recalls)}, ${((seconds / recalls) * 1_000).toFixed(1)} ms on average`]);
  }
  const hits = sumOf(samples, "nexus_cache_hits_total", { result: "hit" }) ?? 0;
  const lookUps = sumOf(samples, "nexus_cache_hits_total");
  const bytes = sumOf(samples, "nexus_cache_bytes");
  if (lookUps) {
    const held = bytes === undefined ? "" : `, ${size(bytes)}`;
    figures.push(["cache", `${count(hits)} hits in ${count(lookUps)} look-ups${held}`]);
  }
  figures.push(...modelFigures(samples));
  const vectorHits = sumOf(samples, "nexus_embed_cache_total", { result: "hit" }) ?? 0;
  const vectorLookUps = sumOf(samples, "nexus_embed_cache_total");
  if (vectorLookUps) figures.push(["vector cache", `${count(vectorHits)} hits in ${count(vectorLookUps)} look-ups`]);
  const pending = sumOf(samples, "nexus_outbox_pending");
  if (pending !== undefined) figures.push(["not indexed", count(pending)]);
  figures.push(["errors", count(sumOf(samples, "nexus_errors_total") ?? 0)]);
  return figures;
}

function size(bytes: number): string {
  return bytes < 1_048_576 ? `${Math.ceil(bytes / 1_024)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
