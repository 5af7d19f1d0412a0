/** `npm run eval`: retrieval quality of the product, through its own HTTP app and client. */

import { writeFileSync } from "node:fs";
import { origin } from "../bench/harness/origin.ts";
import type { EvalSet } from "./eval-set.ts";
import { fit } from "./fit.ts";
import { HELP, type Options, readOptions, type SetName, SETS } from "./options.ts";
import { openProduct } from "./product.ts";
import { print, type Row, rowsOf, writeQuestions } from "./report.ts";
import { runSet } from "./run.ts";
import { locomoSets } from "./sets/locomo.ts";
import { ownSets } from "./sets/own.ts";
import { scifactSets } from "./sets/scifact.ts";

/** undefined: its data is not on this machine. */
const LOADERS: Readonly<Record<SetName, () => EvalSet[] | undefined>> = {
  own: ownSets,
  locomo: locomoSets,
  scifact: scifactSets,
};

try {
  const options = readOptions(process.argv.slice(2));
  if (options.command === "help") console.log(HELP);
  else if (options.command === "list") console.log(SETS.join("\n"));
  else if (options.command === "fit") await fit();
  else await run(options);
  // The record engine keeps the process alive after it is closed.
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (process.env["NEXUS_LOG_LEVEL"] === "debug") console.error(error);
  process.exit(1);
}

async function run({ only, json, out }: Options): Promise<void> {
  const loaded = only.map((name) => [name, LOADERS[name]()] as const);
  const missing = loaded.filter(([, sets]) => sets === undefined).map(([name]) => name);
  const sets = loaded.flatMap(([, found]) => found ?? []);
  const product = await openProduct(sets.flatMap(({ corpora }) => corpora));
  const rows: Row[] = [];
  for (const set of sets) {
    const asked = await runSet(product, set);
    const own = rowsOf(set, asked);
    rows.push(...own);
    print(set, own, asked.length);
    console.log(`every question: ${writeQuestions(out, set, asked)}`);
  }
  await product.close();
  for (const name of missing) console.log(`\n${name}: skipped, ../shared/data does not have it`);
  console.log(`\n${sets.length} sets evaluated, ${missing.length} skipped`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...origin(), rows }, null, 1)}\n`);
}
