/**
 * Makes src/language-table.ts, the n-grams that tell languages apart, from the models of lingua.
 *
 * usage    node packages/text/train/language.node.ts <lingua/language-models>
 * source   lingua-language-detector 1.4.2 (PyPI, Apache-2.0), unpacked: relative frequencies of n-grams of letters in 75
 *          languages; the 13 that a script gives away need none
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";

import { scriptOf } from "../src/language-scripts.ts";

/** N-grams kept, of 1 to 4 letters. Chosen on the Universal Declaration of Human Rights: 12,000 lose 1.2 points there. */
const GRAMS = 20_000;
const ORDERS = ["uni", "bi", "tri", "quadri"] as const;
/** Probability below which a language counts as not having an n-gram; a weight is log₄ of what is above it. */
const FLOOR = 2 ** -16;
const STEP = 2;
const HEAVIEST = 7;

/** Text is kept in characters that need no escape: from "#" on, without the backslash. */
const digit = (value: number): string => String.fromCharCode(value + 0x23 + (value + 0x23 >= 0x5c ? 1 : 0));

const root = process.argv[2];
if (root === undefined) throw new Error("usage: node packages/text/train/language.node.ts <lingua/language-models>");

const languages = readdirSync(root)
  .filter((name) => /^[a-z]{2}$/.test(name) && scriptGroup(name) !== undefined)
  .toSorted();
const groups = languages.map((language) => scriptGroup(language));
const chosen = choose(probabilities());
writeFileSync(new URL("../src/language-table.ts", import.meta.url), file(chosen));

/** The script that a language shares with others, told by its commonest letter. */
function scriptGroup(language: string): string | undefined {
  if (language === "ja" || language === "zh") return undefined;
  const [commonest] = [...read(language, 0)].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
  const script = scriptOf(commonest.charCodeAt(0));
  return script?.endsWith("*") ? script : undefined;
}

/** N-gram → probability given what stands before its last letter. */
function read(language: string, order: number): Map<string, number> {
  const path = `${root}/${language}/${ORDERS[order]}grams.json.br`;
  const model = JSON.parse(brotliDecompressSync(readFileSync(path)).toString()) as { ngrams: Record<string, string> };
  const found = new Map<string, number>();
  for (const [fraction, grams] of Object.entries(model.ngrams)) {
    const [count = 0, of = 1] = fraction.split("/").map(Number);
    for (const gram of grams.split(" ")) found.set(gram, count / of);
  }
  return found;
}

/** N-gram → its probability among those of its length in each language. */
function probabilities(): Map<string, Float64Array> {
  const all = new Map<string, Float64Array>();
  for (const [i, language] of languages.entries()) {
    let shorter = new Map<string, number>([["", 1]]);
    for (let order = 0; order < ORDERS.length; order++) {
      const joint = new Map<string, number>();
      for (const [gram, share] of read(language, order)) {
        const probability = share * (shorter.get(gram.slice(0, -1)) ?? 0);
        joint.set(gram, probability);
        if (probability <= FLOOR / 32) continue;
        let row = all.get(gram);
        if (!row) all.set(gram, (row = new Float64Array(languages.length)));
        row[i] = probability;
      }
      shorter = joint;
    }
  }
  return all;
}

/** The n-grams that say most about the language of a text in their script: by mutual information. */
function choose(all: ReadonlyMap<string, Float64Array>): [string, Float64Array][] {
  const sizes = new Map<string, number>();
  for (const group of groups) if (group) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const most = Math.max(...sizes.values());
  const ranked = [...all].map(([gram, row]) => {
    let information = 0;
    for (const [group, size] of sizes) {
      const members = [...row].filter((_, i) => groups[i] === group);
      const mean = members.reduce((sum, p) => sum + p, 0) / size;
      for (const p of members) if (p > 0) information += ((p / size) * Math.log(p / mean) * size) / most;
    }
    return { gram, row, information };
  });
  ranked.sort((a, b) => b.information - a.information);
  return ranked
    .slice(0, GRAMS)
    .map(({ gram, row }): [string, Float64Array] => [gram, row])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function file(table: readonly [string, Float64Array][]): string {
  let grams = "";
  let counts = "";
  let members = "";
  const weights: number[] = [];
  let before = "";
  for (const [gram, row] of table) {
    let shared = 0;
    while (shared < gram.length && gram[shared] === before[shared]) shared++;
    grams += shared + gram.slice(shared);
    before = gram;
    let count = 0;
    let last = 0;
    for (const [i, probability] of row.entries()) {
      if (probability <= FLOOR) continue;
      const weight = Math.min(HEAVIEST, Math.round(Math.log2(probability / FLOOR) / STEP));
      if (weight === 0) continue;
      members += digit(i - last);
      last = i;
      weights.push(weight);
      count++;
    }
    counts += digit(count);
  }
  let pairs = "";
  for (let i = 0; i < weights.length; i += 2) pairs += digit((weights[i] ?? 0) * 8 + (weights[i + 1] ?? 0));
  const lines: readonly (readonly [string, string, string])[] = [
    ["TABLE_LANGUAGES", "Languages by number, ISO 639-1.", languages.join(" ")],
    ["GRAMS", "Sorted n-grams, each as the letters that it shares with the one before and the rest.", grams],
    ["COUNTS", "Languages of each n-gram.", counts],
    ["MEMBERS", "Their numbers, each as its distance from the one before.", members],
    ["WEIGHTS", "Weights 1…7 of two of them: log₄ of the probability over 2⁻¹⁶.", pairs],
  ];
  return (
    "/** N-grams that tell languages apart; made by train/language.node.ts from lingua's models (Peter M. Stahl, Apache-2.0). */\n" +
    lines.map(([name, about, text]) => `\n/** ${about} */\nexport const ${name} =\n  "${text}";\n`).join("")
  );
}
