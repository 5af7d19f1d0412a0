/** The conversation that the demo loads: one of those written for this repository. */

import { readFile } from "node:fs/promises";
import type { NewMemory } from "@nexus/client";

const FILE = new URL("../../test/eval/conversations/harbour-flat.json", import.meta.url);
/** Turns have no time of their own. */
const TURN_MS = 20_000;

export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly sessions: readonly {
    readonly id: string;
    readonly startedAt: string;
    readonly turns: readonly { readonly id: string; readonly speaker: string; readonly text: string }[];
  }[];
  readonly questions: readonly { readonly id: string; readonly question: string; readonly answer: string }[];
}

export async function readConversation(): Promise<Conversation> {
  return JSON.parse(await readFile(FILE, "utf8")) as Conversation;
}

/** Each turn as a memory under a name of its own, so that loading it again changes nothing. */
export function memoriesOf({ id, sessions }: Conversation, userId: string): NewMemory[] {
  return sessions.flatMap((session) =>
    session.turns.map((turn, i) => ({
      content: turn.text,
      userId,
      sessionId: `${id}-${session.id}`,
      speaker: turn.speaker,
      createdAt: new Date(Date.parse(session.startedAt) + i * TURN_MS).toISOString(),
      externalId: `${userId}/${id}/${turn.id}`,
      metadata: { conversation: id },
    })),
  );
}
