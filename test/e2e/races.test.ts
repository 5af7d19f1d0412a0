/** Many writers at once: no update is lost and nothing is stored twice. */

import { describe, expect, it } from "vitest";
import { listAll, type MemoryAnswer, type RememberAnswer } from "../support/api.ts";
import { openApp } from "../support/local-app.ts";

const WRITERS = 32;
const UPDATES = 5;
const RACES = 30;
const RACERS = 16;

const { a } = await openApp("races");

describe("concurrent writers", () => {
  it(
    `${WRITERS} writers add ${UPDATES} each to one memory with If-Match: 0 lost updates`,
    { timeout: 120_000 },
    async () => {
      const { body } = await a<RememberAnswer>("POST", "/api/memories", {
        userId: "u",
        content: "counter",
        metadata: { count: 0 },
      });
      const path = `/api/memories/${body.results[0]?.id}`;
      let refused = 0;
      const add = async (): Promise<void> => {
        for (;;) {
          const { body: memory } = await a<MemoryAnswer>("GET", path);
          const count = Number(memory.metadata["count"]) + 1;
          const { status } = await a("PATCH", path, { metadata: { count } }, { "if-match": `"${memory.version}"` });
          if (status === 200) return;
          expect(status).toBe(412);
          refused++;
        }
      };
      await Promise.all(
        Array.from({ length: WRITERS }, async () => {
          for (let i = 0; i < UPDATES; i++) await add();
        }),
      );
      const { body: memory } = await a<MemoryAnswer>("GET", path);
      const lost = WRITERS * UPDATES - Number(memory.metadata["count"]);
      console.log(
        `one row, ${WRITERS} writers: ${WRITERS * UPDATES} acknowledged updates, ${lost} lost, ${refused} refused by If-Match and tried again`,
      );
      expect(lost).toBe(0);
      expect(memory.version).toBe(1 + WRITERS * UPDATES);
    },
  );

  it(`${RACES} races of the same new memory: one is added in each`, async () => {
    for (let race = 0; race < RACES; race++) {
      const memory = { userId: `racer-${race}`, content: `the same news number ${race}` };
      const answers = await Promise.all(
        Array.from({ length: RACERS }, () => a<RememberAnswer>("POST", "/api/memories", memory)),
      );
      const events = answers.flatMap(({ body }) => body.results.map(({ event }) => event));
      expect(events.filter((event) => event === "added")).toHaveLength(1);
      expect(events.filter((event) => event === "unchanged")).toHaveLength(RACERS - 1);
      expect(new Set(answers.flatMap(({ body }) => body.results.map(({ id }) => id))).size).toBe(1);
      expect(await listAll(a, { userId: memory.userId })).toHaveLength(1);
    }
    console.log(`${RACES} races of ${RACERS} writers with the same new memory: ${RACES} added`);
  });

  it("the same idempotency key at once: one write, one answer", async () => {
    const send = () =>
      a<RememberAnswer>(
        "POST",
        "/api/memories",
        { userId: "i", content: "only once", metadata: { at: 1 } },
        { "idempotency-key": "race" },
      );
    const answers = await Promise.all(Array.from({ length: RACERS }, send));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body.results))).size).toBe(1);
    expect(await listAll(a, { userId: "i" })).toHaveLength(1);
  });
});
