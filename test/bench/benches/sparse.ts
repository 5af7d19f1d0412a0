/** Word search: the sparse index beside MiniSearch over the same terms. */

import { EVERYTHING } from "@nexus/core";
import { createVectorIndex } from "@nexus/index";
import { guessLanguage, queryTerms, words, wordTerms } from "@nexus/text";
import { weigh } from "../../../packages/memory/src/recall/plan.ts";
import { type Bench, less, type Row } from "../harness/bench.ts";
import { queriesOf } from "../harness/corpus.ts";
import { interleaved, latencyRows, median } from "../harness/measure.ts";
import { pointsOf } from "../harness/points.ts";
import { rival } from "../harness/rivals.ts";
import { listRows } from "./sparse-lists.ts";

interface MiniSearchModule {
  readonly default: new (options: object) => {
    addAll(documents: readonly object[]): void;
    search(query: string, options?: object): { readonly id: string }[];
  };
}

export const sparse: Bench = {
  name: "sparse",
  about:
    "sparse (BM25) search for 10 of 10,000 turns beside MiniSearch over the same terms and BM25 constants; the lists alone up to 100,000",
  async run(context) {
    const count = context.size(10_000, 1_000);
    const { memories, points } = await pointsOf(count);
    const index = createVectorIndex();
    index.upsert(points);
    const queries = queriesOf(400);
    const ours = (i: number): string[] => {
      const terms = queryTerms(queries[i % queries.length]!);
      const { sparse } = weigh(terms, index.terms(Uint32Array.from(terms, ({ id }) => id)));
      const by = { sparse };
      return index.search({ by, filter: EVERYTHING, limit: 10 }).map(({ memoryId }) => memoryId);
    };
    const module = await rival<MiniSearchModule>("minisearch");
    const theirs = module && miniSearch(module);
    const cases = [
      { name: "ours", run: (i: number) => ours(i).length },
      ...(theirs ? [{ name: "MiniSearch", run: (i: number) => theirs(i).length }] : []),
    ];
    const [mine, other] = await interleaved(cases, { warmUp: 50, rounds: context.size(800, 40) });
    const about = { bench: "sparse", case: `${count} turns, query text to 10 ids` };
    const value = median(mine!);
    const rows: Row[] = [
      {
        ...about,
        metric: "queries per second, from the median",
        value: 1_000 / value,
        unit: "1/s",
        ...(other && {
          ...less(value, { rival: "MiniSearch", rivalValue: median(other) }),
          rivalValue: 1_000 / median(other),
        }),
      },
      ...latencyRows(about, mine!),
    ];
    if (theirs)
      rows.push({ ...about, metric: "first 10 shared with MiniSearch", value: shared(ours, theirs), unit: "share" });
    return [...rows, ...(await listRows(context))];

    /** The same terms on both sides; length counts as in documentVector's usual range, so that lists are comparable. */
    function miniSearch({ default: MiniSearch }: MiniSearchModule): (i: number) => string[] {
      const engine = new MiniSearch({
        fields: ["text"],
        tokenize: (text: string) => text.split(" "),
        processTerm: (term: string) => term,
        searchOptions: { bm25: { k: 1.2, b: 0.1, d: 0 }, tokenize: (text: string) => text.split(" ") },
      });
      engine.addAll(
        memories.map(({ content, speaker, externalId }) => {
          const { language } = guessLanguage(content);
          const ids = words(`${speaker} ${content}`).flatMap(({ text }) =>
            wordTerms(text, language).map(({ id }) => id),
          );
          return { id: externalId, text: ids.join(" ") };
        }),
      );
      return (i) => {
        const terms = queryTerms(queries[i % queries.length]!);
        return engine
          .search(terms.map(({ id }) => id).join(" "))
          .slice(0, 10)
          .map(({ id }) => id);
      };
    }

    function shared(a: (i: number) => string[], b: (i: number) => string[]): number {
      const overlaps = queries.slice(0, 100).map((_, i) => {
        const mine = new Set(a(i));
        const other = b(i);
        return other.filter((id) => mine.has(id)).length / Math.max(1, other.length);
      });
      return overlaps.reduce((sum, one) => sum + one, 0) / overlaps.length;
    }
  },
};
