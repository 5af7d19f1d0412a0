/** Names found in texts: tweets and comments nobody has curated (WNUT17), and conversations of our own, against runs of capitals. */

import { readFileSync } from "node:fs";

import { type EntityMention, findEntities, sentences, stopWords, words } from "../../../packages/text/src/index.ts";
import { sharedFile } from "../sets/shared.ts";
import type { QualityRow } from "./row.ts";

interface Case {
  readonly text: string;
  readonly language: string;
  readonly mentions: readonly Span[];
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

const OWN = new URL("data/entities.json", import.meta.url);
const BINS = 15;
// WNUT17's types; terms of technology, dates and numbers are not labelled there.
const NAMES: Readonly<Record<string, string>> = {
  person: "person",
  location: "location",
  corporation: "organization",
  group: "organization",
  product: "concept",
  "creative-work": "concept",
};
const LABELLED = new Set(Object.values(NAMES));

export async function entitiesRows(): Promise<QualityRow[] | undefined> {
  const file = sharedFile("ner/emerging.dev.conll");
  if (!file) return undefined;
  const own = JSON.parse(readFileSync(OWN, "utf8")) as Case[];
  return [
    ...rowsOf("WNUT17 dev", readConll(file), LABELLED),
    ...rowsOf("own conversations (en, es)", own, new Set([...LABELLED, "technical"])),
  ];
}

function rowsOf(set: string, cases: readonly Case[], types: ReadonlySet<string>): QualityRow[] {
  const found = cases.map(({ text, language }) =>
    findEntities(text, { language }).filter(({ type }) => types.has(type)),
  );
  const runs = cases.map(({ text, language }) => capitalRuns(text, language));
  const rival = "runs of capitalised words";
  const samples = cases.reduce((sum, { mentions }) => sum + mentions.length, 0);
  return [
    {
      set,
      metric: "mention F1, span and type",
      value: f1(cases, found, true),
      baseline: f1(cases, runs, true),
      rival: `${rival}, all of the commonest type`,
      samples,
    },
    {
      set,
      metric: "mention F1, span alone",
      value: f1(cases, found, false),
      baseline: f1(cases, runs, false),
      rival,
      samples,
    },
    {
      set,
      metric: `ECE of confidence, ${BINS} bins`,
      value: calibrationError(cases, found),
      samples: found.flat().length,
    },
  ];
}

function f1(cases: readonly Case[], found: readonly (readonly Span[])[], typed: boolean): number {
  let right = 0;
  let all = 0;
  for (const [i, { mentions }] of cases.entries()) {
    all += mentions.length + (found[i]?.length ?? 0);
    right += (found[i] ?? []).filter((span) => isRight(span, mentions, typed)).length;
  }
  return (2 * right) / all;
}

function isRight({ start, end, type }: Span, mentions: readonly Span[], typed: boolean): boolean {
  return mentions.some(
    (mention) => mention.start === start && mention.end === end && (!typed || mention.type === type),
  );
}

/** Mean gap between confidence and share of right mentions, over bins of equal width weighted by their cases. */
function calibrationError(cases: readonly Case[], found: readonly (readonly EntityMention[])[]): number {
  const bins = Array.from({ length: BINS }, () => ({ count: 0, right: 0, confidence: 0 }));
  let total = 0;
  for (const [i, { mentions }] of cases.entries()) {
    for (const mention of found[i] ?? []) {
      const bin = bins[Math.min(BINS - 1, Math.floor(mention.confidence * BINS))];
      if (!bin) continue;
      total++;
      bin.count++;
      bin.confidence += mention.confidence;
      if (isRight(mention, mentions, true)) bin.right++;
    }
  }
  return bins.reduce((sum, { right, confidence }) => sum + Math.abs(right - confidence), 0) / Math.max(1, total);
}

/** The baseline: words with a capital that stand together, the first of a sentence and stop words left out. */
function capitalRuns(text: string, language: string): Span[] {
  const stop = stopWords(language);
  const runs: { start: number; end: number; type: string }[] = [];
  for (const sentence of sentences(text)) {
    const inside = words(text.slice(sentence.start, sentence.end));
    let open = false;
    for (const [i, word] of inside.entries()) {
      const named = i > 0 && /^\p{Lu}/u.test(word.text) && !stop.has(word.text.toLowerCase());
      const start = sentence.start + word.start;
      const last = runs.at(-1);
      if (named && open && last) last.end = sentence.start + word.end;
      else if (named) runs.push({ start, end: sentence.start + word.end, type: "person" });
      open = named;
    }
  }
  return runs;
}

/** Sentences of a CoNLL file with a tag a token, joined by spaces. */
function readConll(file: URL): Case[] {
  return readFileSync(file, "utf8")
    .split(/\n\s*\n/u)
    .map((block) => {
      let text = "";
      const mentions: { start: number; end: number; type: string }[] = [];
      for (const line of block.split("\n")) {
        const [token = "", tag = ""] = line.split("\t");
        if (token === "" || tag === "") continue;
        const start = text === "" ? 0 : text.length + 1;
        text = text === "" ? token : `${text} ${token}`;
        const last = mentions.at(-1);
        if (tag.startsWith("B-"))
          mentions.push({ start, end: text.length, type: NAMES[tag.slice(2).trim()] ?? "concept" });
        else if (tag.startsWith("I-") && last) last.end = text.length;
      }
      return { text, language: "en", mentions };
    })
    .filter(({ text }) => text !== "");
}
