/** What the client sends about generations of vectors. */

import { describe, expect, it } from "vitest";
import { createClient } from "./index.ts";

const STATE = { active: null, next: null, previous: null, refused: [] };
const ROUTE = "/api/embeddings/generations";

function clientOf(...replies: Response[]) {
  const sent: unknown[] = [];
  const nexus = createClient({
    url: "http://nexus.test",
    key: "k",
    runtime: {
      fetch: async (url, { method, body }) => {
        sent.push([method, url.replace("http://nexus.test", ""), body]);
        return replies.shift() ?? Response.json(STATE);
      },
      sleep: async () => {},
      random: () => 0,
    },
  });
  return { nexus, sent };
}

const busy = () => Response.json({ code: "store.unavailable", detail: "away", errors: [] }, { status: 503 });

describe("the client", () => {
  it("reads generations, again after a failure that passes", async () => {
    const { nexus, sent } = clientOf(busy());
    expect(await nexus.vectorGenerations()).toEqual(STATE);
    expect(sent).toEqual([
      ["GET", ROUTE, undefined],
      ["GET", ROUTE, undefined],
    ]);
  });

  it("sends an action once: after a failure it may have been done", async () => {
    const { nexus, sent } = clientOf(busy());
    await expect(nexus.switchVectors("rollBack")).rejects.toMatchObject({ code: "store.unavailable" });
    expect(sent).toEqual([["POST", ROUTE, '{"action":"rollBack"}']]);
    expect(await nexus.switchVectors("retire")).toEqual(STATE);
  });

  it("throws the code of an action with nothing to do", async () => {
    const { nexus } = clientOf(
      Response.json({ code: "embed.generation_missing", detail: "x", errors: [] }, { status: 409 }),
    );
    await expect(nexus.switchVectors("cutOver")).rejects.toMatchObject({
      code: "embed.generation_missing",
      status: 409,
    });
  });
});
