/** `npm run bench`: how fast, beside what, in one run. Reports; asserts nothing. */

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { dense } from "./benches/dense.ts";
import { fusion } from "./benches/fusion.ts";
import { http } from "./benches/http.ts";
import { kernels } from "./benches/kernels.ts";
import { recall } from "./benches/recall.ts";
import { remember } from "./benches/remember.ts";
import { sparse } from "./benches/sparse.ts";
import { start } from "./benches/start.ts";
import { router, text } from "./benches/text.ts";
import type { Bench, Context, Row } from "./harness/bench.ts";
import { origin } from "./harness/origin.ts";
import { printRows } from "./harness/print.ts";

const BENCHES: readonly Bench[] = [kernels, dense, sparse, text, router, fusion, recall, remember, http, start];

const HELP = `npm run bench                           every bench
npm run bench -- --only kernels,http    these benches
npm run bench -- --quick                fewer memories and iterations: does it run, not how fast
npm run bench -- --json file.json       also writes { machine, runtime, date, commit, rows }
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
      list: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return console.log(HELP);
  if (values.list) return console.log(BENCHES.map(({ name, about }) => `${name.padEnd(10)}${about}`).join("\n"));
  const where = origin();
  console.log(`${where.machine}; ${where.runtime}; ${where.date}; ${where.commit}`);
  console.log(
    "memories: turns of test/eval/conversations, halves recombined by a seeded generator, all distinct; ratio × above 1: ours is better",
  );
  const rows: Row[] = [];
  for (const bench of chosen(values.only)) {
    console.log(`\n${bench.name}: ${bench.about}`);
    const own = await bench.run(contextOf(bench.name, values.quick));
    printRows(own);
    rows.push(...own);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ ...where, rows }, null, 1)}\n`);
}

function chosen(only: string | undefined): readonly Bench[] {
  if (only === undefined) return BENCHES;
  const names = only.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown.length > 0) throw new Error(`no bench is called ${unknown.join(", ")}; --list names them`);
  return BENCHES.filter(({ name }) => names.includes(name));
}

function contextOf(name: string, quick: boolean): Context {
  return {
    size: (full, small) => (quick ? small : full),
    progress(text) {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${name}: ${text}\r`);
    },
  };
}
