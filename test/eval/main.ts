/** `npm run eval`: retrieval quality of the product, through its own HTTP app and client. */

import { writeFileSync } from "node:fs";
import { origin } from "../bench/harness/origin.ts";
import { ablate } from "./ablate.ts";
import type { EvalSet } from "./eval-set.ts";
import { fit } from "./fit.ts";
import { productModels } from "./models.ts";
import { HELP, type Options, readOptions, type SetName, SETS } from "./options.ts";
import { writePlots } from "./plots.ts";
import { openProduct } from "./product.ts";
import { print, type Row, rowsOf, writeQuestions } from "./report.ts";
import { QUALITY, runQuality } from "./quality.ts";
import { type Asked, runSet } from "./run.ts";
import { locomoSets } from "./sets/locomo.ts";
import { ownSets } from "./sets/own.ts";
import { scifactSets } from "./sets/scifact.ts";
import { writeWorst } from "./worst.ts";

/** undefined: its data is not on this machine. */
const LOADERS: Readonly<Record<SetName, () => EvalSet[] | undefined>> = {
  own: ownSets,
  locomo: locomoSets,
  scifact: scifactSets,
};

/** Tracked: the README shows what is there. */
const PLOTS = new URL("plots/", import.meta.url).pathname;

try {
  const options = readOptions(process.argv.slice(2));
  if (options.command === "help") console.log(HELP);
  else if (options.command === "list") console.log([...SETS, ...Object.keys(QUALITY)].join("\n"));
  else if (options.command === "fit") await fit(options.models);
  else await run(options);
  // The record engine keeps the process alive after it is closed.
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (process.env["NEXUS_LOG_LEVEL"] === "debug") console.error(error);
  process.exit(1);
}

async function run({ sets: named, figures, ablate: leavesOut, models, json, out, publish }: Options): Promise<void> {
  const loaded = named.map((name) => [name, LOADERS[name]()] as const);
  const missing: string[] = loaded.filter(([, sets]) => sets === undefined).map(([name]) => name);
  const sets = loaded.flatMap(([, found]) => found ?? []);
  const product = await openProduct(
    sets.flatMap(({ corpora }) => corpora),
    await productModels(models),
  );
  const rows: Row[] = [];
  const all = new Map<string, readonly Asked[]>();
  for (const set of sets) {
    if (leavesOut) {
      rows.push(...(await ablate(product, set)));
      continue;
    }
    const asked = await runSet(product, set);
    const own = rowsOf(set, asked);
    rows.push(...own);
    all.set(set.name, asked);
    print(set, own, asked.length);
    console.log(`every question: ${writeQuestions(out, set, asked)}`);
    if (set.name === "locomo") console.log(`the worst: ${writeWorst(out, set, asked)}`);
  }
  await product.close();
  for (const name of leavesOut ? [] : figures) {
    const measured = await runQuality(name);
    if (measured) rows.push(...measured);
    else missing.push(name);
  }
  for (const folder of publish ? [out, PLOTS] : [out])
    for (const file of writePlots(folder, rows, all)) console.log(`plot: ${file}`);
  for (const name of missing) console.log(`\n${name}: skipped, ../shared/data does not have it`);
  console.log(`\n${sets.length} sets and ${figures.length} parts measured, ${missing.length} skipped`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...origin(), rows }, null, 1)}\n`);
}
