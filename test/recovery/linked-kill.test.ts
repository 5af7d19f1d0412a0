/** kill -9 while clients merge, replace, undo, invalidate and forget: what is left agrees with itself and with every answer that was given. */

import { afterAll, describe, expect, it } from "vitest";
import { createApi, type Api, type RememberAnswer, type SearchAnswer } from "../support/api.ts";
import { seeded } from "../support/random.ts";
import { startServer, temporaryDirectory, TEST_KEY } from "../support/server.ts";

const ROUNDS = 6;
const CLIENTS = 8;
const USERS = 3;
/** Long enough for the first requests of a process, which load models. */
const FIRST_KILL_MS = 1_000;
/** Rounds before anything is forgotten: until then every acknowledged memory must be there. */
const KEEPING = 3;

const TEXTS = [
  "I live in Porto.",
  "I moved to Lisbon, I live in Lisbon now.",
  "I moved to Berlin, I live in Berlin now.",
  "The spare key is under the blue flower pot by the door",
  "The spare key is under the blue flower pot, by the door!",
  "The spare key is under the blue flower pot by the door.",
  "Maria Gonzalez repaired the mill with Jaroslav Novak",
];

interface Line {
  readonly type: string;
  readonly id: string;
  readonly status: string;
  readonly content: string;
  readonly userId: string;
  readonly memoryId: string;
  readonly targetId: string;
  readonly kind: string;
  readonly undoneAt: string | null;
}

const directory = await temporaryDirectory("linked-kill");
afterAll(directory.remove);

describe(`kill -9 while memories are linked, ${ROUNDS} rounds, ${CLIENTS} clients`, () => {
  it(
    "leaves no memory out of sight that nothing holds, and loses no acknowledged one",
    { timeout: 240_000 },
    async () => {
      const random = seeded(7);
      const told = new Set<string>();
      const forgotten = new Set<string>();
      let server = await startServer(directory.path, { NEXUS_SWEEP_MS: "200" });
      for (let round = 0; round < ROUNDS; round++) {
        const api = createApi({ url: server.url, key: TEST_KEY });
        const cut = new AbortController();
        const client = async (): Promise<void> => {
          const ids: string[] = [];
          while (!cut.signal.aborted) {
            const userId = `u${Math.floor(random() * USERS)}`;
            const content = TEXTS[Math.floor(random() * TEXTS.length)];
            const id = ids[Math.floor(random() * ids.length)];
            try {
              const what = random();
              if (what < 0.6 || id === undefined) {
                const { body, status } = await api<RememberAnswer>("POST", "/api/memories", { userId, content });
                for (const { id: own } of status === 201 || status === 200 ? body.results : []) {
                  ids.push(own);
                  told.add(own);
                }
              } else if (what < 0.7 && round >= KEEPING) {
                // Taken in before by others, it may go with them: what is named here is the least that is gone.
                const { status } = await api("DELETE", `/api/memories/${id}`);
                if (status === 200) forgotten.add(id);
              } else if (what < 0.85) await api("POST", `/api/memories/${id}/merges/undo`);
              else await api("POST", `/api/memories/${id}/invalidate`, { reason: "no more" });
            } catch {
              return;
            }
          }
        };
        const clients = Array.from({ length: CLIENTS }, client);
        await new Promise((resolve) => setTimeout(resolve, FIRST_KILL_MS + random() * FIRST_KILL_MS));
        await server.kill();
        cut.abort();
        await Promise.all(clients);
        server = await startServer(directory.path, { NEXUS_SWEEP_MS: "200" });
        const after = createApi({ url: server.url, key: TEST_KEY });
        const present = await expectSound(after);
        if (round < KEEPING) expect([...told].filter((id) => !present.has(id))).toEqual([]);
        expect([...forgotten].filter((id) => present.has(id))).toEqual([]);
      }
      expect([told.size > 50, forgotten.size > 0]).toEqual([true, true]);
      console.log(`kill -9: ${told.size} linked memories acknowledged, ${forgotten.size} forgotten by name`);
      await server.stop();
    },
  );
});

/** The ids of all memories that there are. */
async function expectSound(api: Api): Promise<ReadonlySet<string>> {
  const { body } = await api<string>("POST", "/api/export", {});
  const lines = body
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const memories = lines.filter(({ type }) => type === "memory");
  const byId = new Map(memories.map((row) => [row.id, row]));
  const live = lines.filter(({ type, undoneAt }) => type === "reference" && undoneAt === null);
  expect(live.filter(({ memoryId, targetId }) => !byId.has(memoryId) || !byId.has(targetId))).toEqual([]);
  const holders = (id: string, kind: string): number =>
    live.filter((reference) => reference.targetId === id && reference.kind === kind).length;
  for (const { id, status } of memories) {
    if (status === "merged") expect(holders(id, "mergedInto")).toBe(1);
    if (status === "superseded") expect(holders(id, "supersedes")).toBeGreaterThan(0);
    if (status === "active") expect(holders(id, "mergedInto") + holders(id, "supersedes")).toBe(0);
  }
  for (const userId of new Set(memories.map((row) => row.userId))) {
    const answer = await api<SearchAnswer>("POST", "/api/search", {
      query: "spare key",
      userId,
      k: 200,
      maxStalenessMs: 0,
    });
    for (const { id } of answer.body.results) expect(["active", "superseded"]).toContain(byId.get(id)?.status);
    const keys = memories.filter(
      (row) => row.userId === userId && row.status === "active" && row.content.includes("key"),
    );
    expect(answer.body.results.filter(({ memory }) => memory.includes("key")).length > 0).toBe(keys.length > 0);
  }
  return new Set(byId.keys());
}
