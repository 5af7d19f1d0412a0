/** The command line of `npm run train`. */

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { readExamples } from "./examples.node.ts";
import { macroF1 } from "./macro-f1.ts";
import { moduleText } from "./store.ts";
import { TRAINING_SEED, trainDomain } from "./train-domain.ts";

const HELP = `npm run train -- router                 trains the domain classifier and writes packages/router/src/domain-weights.ts
npm run train -- router --data folder   where train/ and domain/ are (../shared/data)
npm run train -- router --out file      writes elsewhere
npm run train -- router --seed 1        1; the same seed gives the same bytes
npm run train -- router --epochs 8      8; how often each text is seen`;

const ROOT = new URL("../../../", import.meta.url);
const WEIGHTS = new URL("packages/router/src/domain-weights.ts", ROOT);

/** Runs the target that the command line names; 2 is the exit code of a wrong one. */
export function runTraining(): void {
  process.exitCode = run(process.argv.slice(2));
}

function run(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: "string", default: "../shared/data" },
      out: { type: "string" },
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
  if (target !== "router" || rest.length > 0) {
    console.error(`"${positionals.join(" ")}" is no target; there is "router"`);
    return 2;
  }
  const numbers = { seed: Number(values.seed), epochs: Number(values.epochs) };
  if (!Number.isInteger(numbers.seed) || !Number.isInteger(numbers.epochs) || numbers.epochs < 1) {
    console.error(`--seed ${values.seed} --epochs ${values.epochs}: expected whole numbers, epochs at least 1`);
    return 2;
  }
  const out = values.out === undefined ? WEIGHTS : new URL(values.out, `file://${process.cwd()}/`);
  trainRouter(new URL(`${values.data}/`, ROOT), out, numbers);
  return 0;
}

function trainRouter(data: URL, out: URL, { seed, epochs }: { seed: number; epochs: number }): void {
  const started = performance.now();
  const seconds = (): string => `${((performance.now() - started) / 1_000).toFixed(1)} s`;
  const progress = (text: string): void => console.log(`[${seconds()}] ${text}`);
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
