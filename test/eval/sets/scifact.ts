/** SciFact: scientific claims against abstracts, each stored whole as one memory. Evaluation only. */

import { readFileSync } from "node:fs";
import { dayAfter, type EvalSet } from "../eval-set.ts";
import { sharedFile } from "./shared.ts";

interface Row {
  readonly _id: string;
  readonly title?: string;
  readonly text: string;
}

/** Abstracts have no time of their own; one for all leaves recency without a say. */
const CREATED = new Date("2020-01-01T00:00:00Z");

export function scifactSets(): EvalSet[] | undefined {
  const corpus = sharedFile("beir/scifact/corpus.jsonl");
  const queries = sharedFile("beir/scifact/queries.jsonl");
  const qrels = sharedFile("beir/scifact/qrels.tsv");
  if (!corpus || !queries || !qrels) return undefined;
  const items = rows(corpus).map(({ _id, title, text }) => ({
    id: _id,
    text: title ? `${title}. ${text}` : text,
    createdAt: CREATED,
  }));
  const relevant = readQrels(qrels, new Set(items.map(({ id }) => id)));
  const asked = rows(queries);
  const questions = asked.flatMap(({ _id, text }) => {
    const evidence = relevant.get(_id) ?? [];
    return evidence.length === 0 ? [] : [{ id: _id, text, category: "claim", evidence }];
  });
  const scifact = { id: "scifact", language: "en", items, questions, askedAt: dayAfter(items) };
  return [{ name: "scifact", corpora: [scifact], leftOut: asked.length - questions.length }];
}

function rows(file: URL): Row[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}

function readQrels(file: URL, known: ReadonlySet<string>): Map<string, string[]> {
  const relevant = new Map<string, string[]>();
  for (const line of readFileSync(file, "utf8").trim().split("\n").slice(1)) {
    const [query = "", document = "", score = "0"] = line.split("\t");
    if (Number(score) > 0 && known.has(document)) relevant.set(query, [...(relevant.get(query) ?? []), document]);
  }
  return relevant;
}
