/** What a fusion is judged on: pairs held out of training, and the repository's own conversations for fitting. */

import { readdirSync, readFileSync } from "node:fs";

import type { Pair } from "./pairs.node.ts";
import type { Task } from "./judge.ts";

export interface Judged {
  readonly texts: readonly string[];
  readonly tasks: readonly Task[];
}

/** The first text of each pair looks for the second among those of all; equal texts count as one. */
export function heldOutTask(pairs: readonly Pair[]): Judged {
  const texts = [...pairs.map(({ a }) => a), ...pairs.map(({ b }) => b)];
  const places = Map.groupBy(pairs.keys(), (i) => pairs[i]!.b);
  const queries = Int32Array.from(pairs.keys());
  const candidates = queries.map((i) => i + pairs.length);
  return { texts, tasks: [{ queries, candidates, answers: pairs.map(({ b }) => places.get(b)!) }] };
}

interface Conversation {
  readonly split: "fit" | "show";
  readonly sessions: readonly { readonly turns: readonly { id: string; speaker: string; text: string }[] }[];
  readonly questions: readonly { category: string; question: string; evidence: readonly string[] }[];
}

/** Questions look for the turns of their conversation that answer them. */
export function conversationTasks(folder: URL): Judged {
  const texts: string[] = [];
  const tasks = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Conversation)
    .filter(({ split }) => split === "fit")
    .map(({ sessions, questions }): Task => {
      const turns = sessions.flatMap((session) => session.turns);
      const asked = questions.filter(({ category }) => category !== "adversarial");
      const add = (text: string): number => texts.push(text) - 1;
      return {
        candidates: Int32Array.from(turns, ({ speaker, text }) => add(`${speaker}: ${text}`)),
        queries: Int32Array.from(asked, ({ question }) => add(question)),
        answers: asked.map(({ evidence }) => evidence.map((id) => turns.findIndex((turn) => turn.id === id))),
      };
    });
  return { texts, tasks };
}
