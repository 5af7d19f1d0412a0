/** The repository's own conversations: one half is for fitting what ships, the other for showing it. */

import { readdirSync, readFileSync } from "node:fs";
import { type Corpus, dayAfter, type EvalSet, turnTime } from "../eval-set.ts";

interface Conversation {
  readonly id: string;
  readonly language: string;
  readonly split: "fit" | "show";
  readonly sessions: readonly {
    readonly id: string;
    readonly startedAt: string;
    readonly turns: readonly { readonly id: string; readonly speaker: string; readonly text: string }[];
  }[];
  readonly questions: readonly {
    readonly id: string;
    readonly category: string;
    readonly question: string;
    readonly evidence: readonly string[];
  }[];
}

const FOLDER = new URL("../conversations/", import.meta.url);

export function ownSets(): EvalSet[] {
  const conversations = readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Conversation);
  return (["fit", "show"] as const).map((split) => {
    const corpora = conversations.filter((conversation) => conversation.split === split).map(toCorpus);
    return { name: `own/${split}`, corpora, leftOut: 0 };
  });
}

/** throws  for evidence that names no turn: here, unlike in other people's data, that is a mistake to be mended */
function toCorpus({ id, language, sessions, questions }: Conversation): Corpus {
  const items = sessions.flatMap((session) =>
    session.turns.map(({ id, speaker, text }, place) => ({
      id,
      text,
      speaker,
      sessionId: session.id,
      createdAt: turnTime(Date.parse(session.startedAt), place),
    })),
  );
  const known = new Set(items.map((item) => item.id));
  const asked = questions.filter(({ category }) => category !== "adversarial");
  for (const { id: question, evidence } of asked) {
    const unknown = evidence.filter((turn) => !known.has(turn));
    if (evidence.length === 0 || unknown.length > 0)
      throw new Error(`[eval] ${id} ${question}: evidence must name turns, not ${JSON.stringify(unknown)}`);
  }
  return {
    id,
    language,
    items,
    questions: asked.map(({ id, question, category, evidence }) => ({ id, text: question, category, evidence })),
    askedAt: dayAfter(items),
  };
}
