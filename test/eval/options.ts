/** The command line of `npm run eval`. */

import { parseArgs } from "node:util";
import { MODEL_NAMES, type ModelName } from "./models.ts";
import { QUALITY } from "./quality.ts";

export const SETS = ["own", "locomo", "scifact"] as const;
export type SetName = (typeof SETS)[number];

export interface Options {
  readonly command: "run" | "fit" | "list" | "help";
  readonly sets: readonly SetName[];
  /** Names of `QUALITY`. */
  readonly figures: readonly string[];
  /** Leave out each source and each part of the score in turn. */
  readonly ablate: boolean;
  /** What the product embeds with. */
  readonly models: ModelName;
  /** Rows go here. */
  readonly json: string | undefined;
  /** Per-question files go here. */
  readonly out: string;
  /** Plots go to test/eval/plots, which the README shows. */
  readonly publish: boolean;
}

export const HELP = `npm run eval                           asks every question of every set, with plain BM25 beside, and measures every part
npm run eval -- --only own,locomo      these sets and parts: own (this repository's conversations, halves fit and show),
                                       locomo and scifact (from ../shared/data, skipped where absent),
                                       ${Object.keys(QUALITY).join(", ")}
npm run eval -- --ablate               leaves out each source and each part of the score in turn
npm run eval -- --models e1            embeds with other models: ${MODEL_NAMES.join(", ")} (e0 alone unless said)
npm run eval -- --json rows.json       also writes { set, metric, value, baseline } rows
npm run eval -- --out folder           where per-question files and plots go (.build/eval)
npm run eval -- --publish              also writes the plots that the README shows
npm run eval -- --list                 names the sets and parts
npm run eval -- fit [--models e1]      fits the fusion settings on own/fit and prints what to paste`;

/** throws  with what is wrong, for a person to read */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: "string" },
      ablate: { type: "boolean", default: false },
      models: { type: "string", default: "e0" },
      json: { type: "string" },
      out: { type: "string", default: ".build/eval" },
      publish: { type: "boolean", default: false },
      list: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [word, ...rest] = positionals;
  if (rest.length > 0 || (word !== undefined && word !== "fit"))
    throw new Error(`"${positionals.join(" ")}" is no command; there is only "fit"`);
  const names = [...SETS, ...Object.keys(QUALITY)];
  const only = values.only?.split(",").map((name) => name.trim()) ?? names;
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`nothing is called ${unknown.join(", ")}; there are ${names.join(", ")}`);
  const command = values.help ? "help" : values.list ? "list" : word === "fit" ? "fit" : "run";
  const { ablate, json, out, publish } = values;
  const models = MODEL_NAMES.find((name) => name === values.models);
  if (!models) throw new Error(`there are no models "${values.models}"; there are ${MODEL_NAMES.join(", ")}`);
  return {
    command,
    sets: only.filter(isSet),
    figures: only.filter((name) => !isSet(name)),
    ablate,
    models,
    json,
    out,
    publish,
  };
}

function isSet(name: string): name is SetName {
  return (SETS as readonly string[]).includes(name);
}
