/** The questions that went worst, with what was missed and what stood in its place, for a person to read. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EvalSet, Item } from "./eval-set.ts";
import type { Asked } from "./run.ts";

const COUNT = 20;
const SHOWN = 3;
const LETTERS = 200;

/** Writes the questions with the least recall@10, then NDCG@10, and the most evidence missed, to `worst.md`. Returns its path. */
export function writeWorst(folder: string, { name, corpora }: EvalSet, asked: readonly Asked[]): string {
  const items = new Map(corpora.map(({ id, items }) => [id, new Map(items.map((item) => [item.id, item]))]));
  const worst = asked
    .toSorted(
      (a, b) =>
        a.metrics["recall@10"] - b.metrics["recall@10"] ||
        a.metrics["ndcg@10"] - b.metrics["ndcg@10"] ||
        b.evidence.length - a.evidence.length,
    )
    .slice(0, COUNT);
  const parts = worst.map((one) => section(one, items.get(one.corpus) ?? new Map<string, Item>()));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "worst.md");
  writeFileSync(file, `# The ${COUNT} worst questions of ${name}\n\n${parts.join("\n")}`);
  return file;
}

function section(
  { corpus, question, category, text, evidence, results }: Asked,
  items: ReadonlyMap<string, Item>,
): string {
  const line = (id: string, note: string): string => {
    const item = items.get(id);
    return `- ${note} ${id} ${item?.speaker ?? ""}: ${(item?.text ?? "").slice(0, LETTERS)}`;
  };
  const rank = (id: string): string => {
    const place = results.findIndex((result) => result.id === id);
    return place < 0 ? "missed" : `found at ${place + 1}`;
  };
  return [
    `## ${corpus} ${question} (${category}): ${text}`,
    ...evidence.map((id) => line(id, rank(id))),
    ...results.slice(0, SHOWN).map(({ id }, i) => line(id, `instead, at ${i + 1}:`)),
    "",
  ].join("\n");
}
