/** What the router takes of a query's time: the whole decision, and its dearest parts. */

import { analyse, choosePath, classifyDomain } from "@nexus/router";
import { guessLanguage, words } from "@nexus/text";
import type { Bench } from "../harness/bench.ts";
import { queriesOf } from "../harness/corpus.ts";
import { interleaved, percentile } from "../harness/measure.ts";

const QUERIES = 400;
const MICROSECONDS = 1_000;

export const router: Bench = {
  name: "router",
  about: "query analysis and choice of path, and their parts",
  async run(context) {
    const queries = queriesOf(QUERIES);
    const lower = queries.map((query) => words(query).map(({ text }) => text.toLowerCase()));
    const decide = (query: string): string => choosePath(analyse(query), "auto").first;
    const cases = [
      { name: "analyse and choose", run: (i: number) => decide(queries[i % QUERIES]!) },
      { name: "of it, domain", run: (i: number) => classifyDomain(lower[i % QUERIES]!) },
      { name: "of it, language", run: (i: number) => guessLanguage(queries[i % QUERIES]!) },
      { name: "of it, words", run: (i: number) => words(queries[i % QUERIES]!) },
    ];
    const plan = { warmUp: context.size(4_000, 50), rounds: context.size(20_000, 50) };
    const samples = await interleaved(cases, plan);
    return cases.flatMap(({ name }, i) =>
      [50, 95, 99].map((rank) => ({
        bench: "router",
        case: name,
        metric: `p${rank}`,
        value: percentile(samples[i]!, rank / 100) * MICROSECONDS,
        unit: "µs",
      })),
    );
  },
};
