/** What the write path computes of a text before any store is asked, and its parts. */

import { DEFAULTS } from "@nexus/memory";
import { documentVector, findDates, findEntities, findRelations, lshTerms, minhash } from "@nexus/text";
import { languageOf } from "@nexus/text/language";
import { prepareTexts } from "../../../packages/memory/src/remember/prepare.ts";
import type { Bench, Context, Row } from "../harness/bench.ts";
import { memoriesOf, textOfWords } from "../harness/corpus.ts";
import { interleaved, latencyRows } from "../harness/measure.ts";
import { embedder } from "../harness/points.ts";

/** About 400 tokens of English. */
const LONG_WORDS = 300;
const VARIETY = 200;

export const text: Bench = {
  name: "text",
  about: "preprocessing of 400 tokens and of a turn of 24 words, everything included, and its parts",
  async run(context) {
    const long = texts(LONG_WORDS);
    const turns = texts(24);
    const createdAt = new Date("2026-05-01T10:00:00Z");
    const prepare = (content: string) =>
      prepareTexts([{ content, userId: "u", metadata: {}, createdAt }], { embedder, settings: DEFAULTS });
    const english = { language: "en" };
    return await timed(context, "text", [
      { name: "all of it, 400 tokens", run: (i) => prepare(long[i % VARIETY]!) },
      { name: "all of it, 24 words", run: (i) => prepare(turns[i % VARIETY]!) },
      { name: "of it, language, 24 words", run: (i) => languageOf(turns[i % VARIETY]!) },
      { name: "of it, entities, 24 words", run: (i) => findEntities(turns[i % VARIETY]!, english) },
      { name: "of it, relations, 24 words", run: (i) => findRelations(turns[i % VARIETY]!, english) },
      { name: "of it, dates, 24 words", run: (i) => findDates(turns[i % VARIETY]!, createdAt, english) },
      { name: "of it, signature, 24 words", run: (i) => lshTerms(minhash(turns[i % VARIETY]!)) },
      { name: "of it, terms, 24 words", run: (i) => documentVector(turns[i % VARIETY]!, english) },
      { name: "of it, embedding, 24 words", run: (i) => embedder.embed([turns[i % VARIETY]!]) },
      { name: "of it, embedding, 400 tokens", run: (i) => embedder.embed([long[i % VARIETY]!]) },
    ]);
  },
};

async function timed(context: Context, bench: string, cases: Parameters<typeof interleaved>[0]): Promise<Row[]> {
  // Vocabulary caches are warm in a server; the bench's must be too.
  for (const { content } of memoriesOf(500)) await embedder.embed([content]);
  const samples = await interleaved(cases, { warmUp: context.size(500, 50), rounds: context.size(2_000, 50) });
  return cases.flatMap(({ name }, i) => latencyRows({ bench, case: name }, samples[i]!));
}

function texts(words: number): string[] {
  return Array.from({ length: VARIETY }, (_, i) => textOfWords(words, i + 1));
}
