/** What the write path computes of a text before any store is asked, and its parts. */

import { documentVector, guessLanguage } from "@nexus/text";
import { DEFAULTS } from "@nexus/memory";
import { analyse, route } from "@nexus/router";
import { prepareTexts } from "../../../packages/memory/src/remember/prepare.ts";
import type { Bench, Context, Row } from "../harness/bench.ts";
import { memoriesOf, queriesOf, textOfWords } from "../harness/corpus.ts";
import { interleaved, latencyRows } from "../harness/measure.ts";
import { embedder } from "../harness/points.ts";

/** About 400 tokens of English. */
const LONG_WORDS = 300;
const VARIETY = 200;

export const text: Bench = {
  name: "text",
  about: "preprocessing of 400 tokens and of a turn of 24 words: language, chunks, terms, embedding",
  async run(context) {
    const long = texts(LONG_WORDS);
    const turns = texts(24);
    const prepare = (content: string) => prepareTexts([{ content }], { embedder, settings: DEFAULTS });
    return await timed(context, "text", [
      { name: "all of it, 400 tokens", run: (i) => prepare(long[i % VARIETY]!) },
      { name: "all of it, 24 words", run: (i) => prepare(turns[i % VARIETY]!) },
      { name: "language, 24 words", run: (i) => guessLanguage(turns[i % VARIETY]!) },
      { name: "terms, 24 words", run: (i) => documentVector(turns[i % VARIETY]!, { language: "en" }) },
      { name: "embedding, 24 words", run: (i) => embedder.embed([turns[i % VARIETY]!]) },
      { name: "embedding, 400 tokens", run: (i) => embedder.embed([long[i % VARIETY]!]) },
    ]);
  },
};

export const router: Bench = {
  name: "router",
  about: "query analysis and choice of path",
  async run(context) {
    const queries = queriesOf(400);
    const decide = (i: number) => route("auto", analyse(queries[i % queries.length]!).complexity).first;
    return await timed(context, "router", [{ name: "analyse and route", run: decide }]);
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
