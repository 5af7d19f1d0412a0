/** The command line of `npm run train`. */

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { trainEntities } from "@nexus/text/node";
import { readExamples } from "./examples.node.ts";
import { macroF1 } from "./macro-f1.ts";
import { moduleText } from "./store.ts";
import { TRAINING_SEED, trainDomain } from "./train-domain.ts";

const HELP = `npm run train -- router                      trains the domain classifier and writes packages/router/src/domain-weights.ts
npm run train -- router --seed 1             1; the same seed gives the same bytes
npm run train -- router --epochs 8           8; how often each text is seen
npm run train -- entities --packages folder  trains the tagger of entities and writes packages/text/src/entities/model.json;
                                             folder is where the packages of model.md beside it are installed
npm run train -- TARGET --data folder        where train/, domain/ and ner/ are (../shared/data)
npm run train -- TARGET --out file           writes elsewhere`;

const ROOT = new URL("../../../", import.meta.url);
const WEIGHTS = new URL("packages/router/src/domain-weights.ts", ROOT);

/** Runs the target that the command line names; 2 is the exit code of a wrong one. */
export async function runTraining(): Promise<void> {
  process.exitCode = await run(process.argv.slice(2));
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: "string", default: "../shared/data" },
      out: { type: "string" },
      packages: { type: "string" },
      seed: { type: "string", default: String(TRAINING_SEED) },
      epochs: { type: "string", default: "8" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [target, ...rest] = positionals;
  if (values.help || target === undefined) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  if ((target !== "router" && target !== "entities") || rest.length > 0) {
    console.error(`"${positionals.join(" ")}" is no target; there are "router" and "entities"`);
    return 2;
  }
  const data = new URL(`${values.data}/`, ROOT);
  const out = values.out === undefined ? undefined : fromHere(values.out);
  if (target === "entities") return runEntities(data, out, values.packages);
  const numbers = { seed: Number(values.seed), epochs: Number(values.epochs) };
  if (!Number.isInteger(numbers.seed) || !Number.isInteger(numbers.epochs) || numbers.epochs < 1) {
    console.error(`--seed ${values.seed} --epochs ${values.epochs}: expected whole numbers, epochs at least 1`);
    return 2;
  }
  trainRouter(data, out ?? WEIGHTS, numbers);
  return 0;
}

async function runEntities(data: URL, out: URL | undefined, packages: string | undefined): Promise<number> {
  if (packages === undefined) {
    console.error(
      "--packages is missing: the folder where the packages of packages/text/src/entities/model.md are installed",
    );
    return 2;
  }
  const progress = reporter();
  progress("takes some five minutes");
  await trainEntities({ data, packages: fromHere(`${packages}/`), out, progress });
  return 0;
}

function fromHere(path: string): URL {
  return new URL(path, `file://${process.cwd()}/`);
}

/** Prints what it is told with the seconds since it was made. */
function reporter(): (text: string) => void {
  const started = performance.now();
  return (text) => console.log(`[${((performance.now() - started) / 1_000).toFixed(1)} s] ${text}`);
}

function trainRouter(data: URL, out: URL, { seed, epochs }: { seed: number; epochs: number }): void {
  const progress = reporter();
  progress("takes about half a minute");
  const { train, heldOut, otherSources } = readExamples({ data, seed, progress });
  progress(`${train.length} texts to train on, ${heldOut.length} held out, ${otherSources.length} of other sources`);
  const weights = trainDomain(train, [...heldOut, ...otherSources], { seed, epochs, progress });
  for (const [name, examples] of [["held out", heldOut] as const, ["other sources", otherSources] as const]) {
    const { macro, byClass } = macroF1(examples, weights);
    const classes = [...byClass].map(([domain, f1]) => `${domain} ${f1.toFixed(3)}`).join(", ");
    progress(`${name}: macro-F1 ${macro.toFixed(3)} (${classes})`);
  }
  const text = moduleText(weights, `Seed ${seed}, ${epochs} epochs, ${train.length} texts; see model-card.md.`);
  writeFileSync(out, text);
  progress(
    `wrote ${text.length} bytes, ${gzipSync(text, { level: 9 }).length} gzip, temperature ${weights.temperature}`,
  );
}
