/** How alike unrelated texts are to a model: the zero of its scale. */

import { readdirSync, readFileSync } from "node:fs";
import type { Embedder } from "@nexus/core";
import { seeded } from "./seeded.ts";

const FOLDER = new URL("../../../../test/eval/conversations/", import.meta.url);
const PAIRS = 20_000;
const SEED = 42;

interface Conversation {
  readonly language: string;
  readonly sessions: readonly { readonly turns: readonly { readonly text: string }[] }[];
}

/** Median cosine of 20,000 pairs of turns, each pair from two of the repository's conversations in one language. */
export async function unrelatedCosine(embedder: Embedder): Promise<number> {
  const conversations = await Promise.all(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map(async (name) => {
        const { language, sessions } = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Conversation;
        return {
          language,
          vectors: await embedder.embed(sessions.flatMap(({ turns }) => turns.map(({ text }) => text))),
        };
      }),
  );
  const random = seeded(SEED);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const cosines: number[] = [];
  while (cosines.length < PAIRS) {
    const [one, other] = [pick(conversations), pick(conversations)];
    if (one === other || one.language !== other.language) continue;
    const b = pick(other.vectors);
    cosines.push(pick(one.vectors).reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0));
  }
  return cosines.sort((x, y) => x - y)[PAIRS / 2] as number;
}
