/** The show conversations' questions in other words, and near misses of them, written by hand. */

import { readFileSync } from "node:fs";
import { DEFAULTS, type MemoryService } from "@nexus/memory";
import { inFull, openEngineWorld, question } from "../engines/engine-world.ts";
import type { Corpus, Question } from "../eval-set.ts";
import { metricsOf } from "../metrics.ts";
import { ownSets } from "../sets/own.ts";
import type { Pair } from "./likeness.ts";

interface Paraphrase {
  readonly corpus: Corpus;
  readonly question: Question;
  /** `other`: nearly the same words, another question. */
  readonly kind: "reworded" | "rephrased" | "other";
  readonly text: string;
}

/** What serving a paraphrase from another question's candidates does to it. */
export interface Cost {
  readonly asked: number;
  readonly served: number;
  /** Mean recall@10 over the paraphrases served, with the semantic cache and by a search of their own. */
  readonly cached: number;
  readonly searched: number;
  /** Near misses asked, and those served from the question they are not. */
  readonly others: number;
  readonly othersServed: number;
}

function paraphrases(): Paraphrase[] {
  const corpora = new Map(ownSets().flatMap((set) => set.corpora.map((corpus) => [corpus.id, corpus] as const)));
  const file = new URL("../quality/data/paraphrases.json", import.meta.url);
  const rows = JSON.parse(readFileSync(file, "utf8")) as {
    conversation: string;
    question: string;
    kind: Paraphrase["kind"];
    text: string;
  }[];
  return rows.map(({ conversation, question: id, kind, text }) => {
    const corpus = corpora.get(conversation);
    const found = corpus?.questions.find((one) => one.id === id);
    if (!corpus || !found) throw new Error(`[eval] paraphrases.json: ${conversation} ${id} is no question`);
    return { corpus, question: found, kind, text };
  });
}

export function paraphrasePairs(): Pair[] {
  return paraphrases().map(({ question: { text: a }, text: b, kind }) => ({ a, b, same: kind !== "other" }));
}

/** Every question is asked in its own words, then its paraphrase of a service with the semantic cache and of one without. */
export async function costOfParaphrases(): Promise<Cost> {
  const all = paraphrases();
  const world = await openEngineWorld();
  const on = world.service().memory;
  const off = world.service({ semanticMinScore: 2 }).memory;
  for (const corpus of new Set(all.map((one) => one.corpus))) {
    await world.tell(
      corpus.items.map(({ id, text, speaker, sessionId, createdAt }) => {
        return {
          content: text,
          externalId: `${corpus.id}:${id}`,
          userId: corpus.id,
          speaker,
          sessionId,
          createdAt,
          metadata: {},
        };
      }),
    );
  }
  const ask = async (memory: MemoryService, { corpus }: Paraphrase, text: string) =>
    await inFull(() =>
      memory.recall(world.scope, question(text, corpus.id, { minConfidence: DEFAULTS.fusion.minConfidence })),
    );
  const recallOf = (
    { corpus, question: { evidence } }: Paraphrase,
    answer: Awaited<ReturnType<typeof ask>>,
  ): number => {
    const ids = answer.results.map(({ memory }) => memory.externalId?.slice(corpus.id.length + 1) ?? "");
    return metricsOf(ids, evidence)["recall@10"];
  };
  const served: { cached: number; searched: number }[] = [];
  let asked = 0;
  let others = 0;
  let othersServed = 0;
  for (const one of all) {
    await ask(on, one, one.question.text);
    const answer = await ask(on, one, one.text);
    if (one.kind === "other") {
      others++;
      othersServed += Number(answer.cache.semantic);
      continue;
    }
    asked++;
    if (answer.cache.semantic)
      served.push({ cached: recallOf(one, answer), searched: recallOf(one, await ask(off, one, one.text)) });
  }
  await world.close();
  const mean = (pick: (one: (typeof served)[number]) => number): number =>
    served.reduce((sum, one) => sum + pick(one), 0) / Math.max(1, served.length);
  return {
    asked,
    served: served.length,
    cached: mean(({ cached }) => cached),
    searched: mean(({ searched }) => searched),
    others,
    othersServed,
  };
}
