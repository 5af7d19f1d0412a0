/** The command line of `npm run eval`. */

import { parseArgs } from "node:util";

export const SETS = ["own", "locomo", "scifact"] as const;
export type SetName = (typeof SETS)[number];

export interface Options {
  readonly command: "run" | "fit" | "list" | "help";
  readonly only: readonly SetName[];
  /** Rows go here. */
  readonly json: string | undefined;
  /** Per-question files go here. */
  readonly out: string;
}

export const HELP = `npm run eval                           asks every question of every set, with plain BM25 beside
npm run eval -- --only own,locomo      these sets: own (this repository's conversations, halves fit and show),
                                       locomo and scifact (from ../shared/data, skipped where absent)
npm run eval -- --json rows.json       also writes { set, metric, value, baseline } rows
npm run eval -- --out folder           where per-question files go (.build/eval)
npm run eval -- --list                 names the sets
npm run eval -- fit                    fits the fusion settings on own/fit and prints what to paste`;

/** throws  with what is wrong, for a person to read */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: "string" },
      json: { type: "string" },
      out: { type: "string", default: ".build/eval" },
      list: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [word, ...rest] = positionals;
  if (rest.length > 0 || (word !== undefined && word !== "fit"))
    throw new Error(`"${positionals.join(" ")}" is no command; there is only "fit"`);
  const only = values.only?.split(",").map((name) => name.trim()) ?? SETS;
  const unknown = only.filter((name) => !isSet(name));
  if (unknown.length > 0) throw new Error(`no set is called ${unknown.join(", ")}; there are ${SETS.join(", ")}`);
  const command = values.help ? "help" : values.list ? "list" : word === "fit" ? "fit" : "run";
  return { command, only: only.filter(isSet), json: values.json, out: values.out };
}

function isSet(name: string): name is SetName {
  return (SETS as readonly string[]).includes(name);
}
