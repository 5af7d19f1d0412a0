/** `npm run bench`: how fast, beside what, in one run. Reports; asserts nothing. */

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { edge } from "./benches/edge.ts";
import { embedder } from "./benches/embedder.ts";
import { embeddingBatcher } from "./benches/embedding-batcher.ts";
import { embeddingCache } from "./benches/embedding-cache.ts";
import { fusemoe } from "./benches/fusemoe.ts";
import { fusion } from "./benches/fusion.ts";
import { http } from "./benches/http.ts";
import { growth } from "./benches/index/growth.ts";
import { index } from "./benches/index/index.ts";
import { parallel } from "./benches/index/parallel.ts";
import { soak } from "./benches/index/soak.ts";
import { thread } from "./benches/index/thread.ts";
import { ways } from "./benches/index/ways.ts";
import { kernels } from "./benches/kernels.ts";
import { models } from "./benches/models.ts";
import { recall } from "./benches/recall.ts";
import { recallDeep } from "./benches/recall-deep.ts";
import { remember } from "./benches/remember.ts";
import { router } from "./benches/router.ts";
import { reopen } from "./benches/reopen.ts";
import { sparse } from "./benches/sparse.ts";
import { start } from "./benches/start.ts";
import { text } from "./benches/text.ts";
import type { Bench, Context, Row } from "./harness/bench.ts";
import { origin } from "./harness/origin.ts";
import { printRows } from "./harness/print.ts";
import { writePlots } from "./plots.ts";

const BENCHES: readonly Bench[] = [
  kernels,
  edge,
  index,
  ways,
  growth,
  soak,
  thread,
  parallel,
  reopen,
  sparse,
  text,
  router,
  fusion,
  fusemoe,
  embeddingCache,
  embedder,
  embeddingBatcher,
  models,
  recall,
  recallDeep,
  remember,
  http,
  start,
];

const PLOTS = ".build/bench";
/** Tracked: the README shows what is there. */
const PUBLISHED = new URL("plots/", import.meta.url).pathname;

/** Of a bench that does not say how long it takes. */
const USUAL_SECONDS = { usual: 30, quick: 3 };

const HELP = `npm run bench                           every bench
npm run bench -- --only kernels,http    these benches
npm run bench -- --quick                fewer memories and iterations: does it run, not how fast
npm run bench -- --full                 also 1,000,000 vectors, 1,536 dimensions and the slow rivals: most of an hour
npm run bench -- --json file.json       also writes { machine, runtime, date, commit, rows }
npm run bench -- --publish              also writes the plots that the README shows
npm run bench -- --list                 names the benches`;

try {
  await main();
  // The record engine keeps the process alive after it is closed.
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      json: { type: "string" },
      quick: { type: "boolean", default: false },
      full: { type: "boolean", default: false },
      publish: { type: "boolean", default: false },
      list: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return console.log(HELP);
  if (values.list) return console.log(BENCHES.map(({ name, about }) => `${name.padEnd(16)}${about}`).join("\n"));
  const where = origin();
  console.log(`${where.machine}; ${where.runtime}; ${where.date}; ${where.commit}`);
  console.log(
    "memories: turns of test/eval/conversations, halves recombined by a seeded generator, all distinct; ratio × above 1: ours is better",
  );
  const scale = values.quick ? "quick" : values.full ? "full" : "usual";
  printPlan(chosen(values.only), scale);
  const rows: Row[] = [];
  for (const bench of chosen(values.only)) {
    console.log(`\n${bench.name}: ${bench.about}`);
    const shown = new Set<Row>();
    const own = await bench.run(contextOf(bench.name, scale, shown));
    printRows(own.filter((row) => !shown.has(row)));
    rows.push(...own);
  }
  for (const folder of values.publish ? [PLOTS, PUBLISHED] : [PLOTS])
    for (const file of writePlots(folder, rows)) console.log(`plot: ${file}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ ...where, rows }, null, 1)}\n`);
}

function chosen(only: string | undefined): readonly Bench[] {
  if (only === undefined) return BENCHES;
  const names = only.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown.length > 0) throw new Error(`no bench is called ${unknown.join(", ")}; --list names them`);
  return BENCHES.filter(({ name }) => names.includes(name));
}

function printPlan(benches: readonly Bench[], scale: Context["scale"]): void {
  let total = 0;
  for (const bench of benches) {
    const { name } = bench;
    const context = contextOf(name, scale);
    const own = bench.steps?.(context) ?? [
      { what: "", seconds: context.size(USUAL_SECONDS.usual, USUAL_SECONDS.quick) },
    ];
    for (const { what, seconds } of own) console.log(`  ${duration(seconds).padStart(8)}  ${name.padEnd(16)}${what}`);
    total += own.reduce((sum, { seconds }) => sum + seconds, 0);
  }
  console.log(`the plan: about ${duration(total)} on two idle cores`);
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

function contextOf(name: string, scale: Context["scale"], shown = new Set<Row>()): Context {
  return {
    scale,
    size: (usual, quick) => (scale === "quick" ? quick : usual),
    progress(text) {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${name}: ${text}\r`);
    },
    show(rows) {
      printRows(rows);
      for (const row of rows) shown.add(row);
    },
  };
}
