/** Carry-forward, which the product does not do: would an answer outlive the adding of a memory that it has nothing to do with? */

import { type RecallResponse } from "@nexus/memory";
import { queryTerms } from "@nexus/text";
import { inFull, openEngineWorld, question } from "../engines/engine-world.ts";
import { ownSets } from "../sets/own.ts";

export interface Carried {
  /** Additions through which the rule keeps an answer. */
  readonly kept: number;
  /** Those after which a search gives other results, or the same in another order. */
  readonly wrong: number;
  /** Those after which it gives other results. */
  readonly wrongSets: number;
  readonly additions: number;
}

/** Turns between two looks at the same answers. */
const EVERY = 6;
const QUESTIONS = 12;

/**
 * The rule at its best: an answer with a full top k is kept when the new memory shares no term with the query nor an
 * entity with its results, and a search confirms that the new memory is not among the top k — the tightest bound there can be.
 */
export async function carryForward(): Promise<Carried> {
  const world = await openEngineWorld();
  const { memory } = world.service({ l1TtlSeconds: 0, semanticMinScore: 2 });
  let kept = 0;
  let wrong = 0;
  let wrongSets = 0;
  let additions = 0;
  for (const { corpora } of ownSets()) {
    for (const { id: userId, items, questions } of corpora) {
      const half = items.length >> 1;
      const toNew = ({ text, speaker, sessionId, createdAt }: (typeof items)[number]) => {
        return { content: text, userId, speaker, sessionId, createdAt, metadata: {} };
      };
      await world.tell(items.slice(0, half).map(toNew));
      const asked = questions.filter((_, i) => i % Math.ceil(questions.length / QUESTIONS) === 0);
      const ask = async (): Promise<RecallResponse[]> => {
        const answers: RecallResponse[] = [];
        for (const { text } of asked)
          answers.push(await inFull(() => memory.recall(world.scope, question(text, userId))));
        return answers;
      };
      for (let at = half; at < items.length; at += EVERY) {
        const before = await ask();
        const added = items[at];
        if (!added) break;
        const [id] = await world.tell([toNew(added)]);
        const after = await ask();
        const [row] = await world.reader.get("memory", [[id ?? ""]]);
        const terms = new Set(queryTerms(added.text).map((term) => term.id));
        const names = new Set(row?.entities?.map((entity) => entity.id));
        for (const [i, { text }] of asked.entries()) {
          additions++;
          const old = before[i]?.results ?? [];
          const fresh = after[i]?.results ?? [];
          const sharesTerm = queryTerms(text).some((term) => terms.has(term.id));
          const sharesName = old.some((one) => one.memory.entities?.some((entity) => names.has(entity.id)));
          if (old.length < 10 || sharesTerm || sharesName || fresh.some((one) => one.memory.id === id)) continue;
          kept++;
          const ids = (results: typeof old): string[] => results.map((one) => one.memory.id);
          wrong += Number(ids(old).join() !== ids(fresh).join());
          wrongSets += Number(ids(old).sort().join() !== ids(fresh).sort().join());
        }
        await world.tell(items.slice(at + 1, at + EVERY).map(toNew));
      }
    }
  }
  await world.close();
  return { kept, wrong, wrongSets, additions };
}
