/** What a token that is bound to a session or an agent reads and does, on every route that recalls. */

import { describe, expect, it } from "vitest";
import { type Api, createApi, type RememberAnswer, type SearchAnswer } from "../support/api.ts";
import { openApp } from "../support/local-app.ts";

const { a, local } = await openApp("bound-tokens");

const tell = async (content: string, of: object) =>
  (await a<RememberAnswer>("POST", "/api/memories", { userId: "u1", content, ...of })).body.results[0]?.id ?? "";
const tokenFor = async (of: object): Promise<Api> => {
  const request = { userId: "u1", scopes: ["read", "write"], ...of };
  const { body } = await a<{ token: string }>("POST", "/api/tokens", request);
  return createApi({ key: body.token, fetch: (sent) => local.fetch(sent) });
};

const own = await tell("Ana keeps her banjo in Porto", { sessionId: "s1", agentId: "g1" });
const other = await tell("The other banjo was sold in Lisbon", { sessionId: "s2", agentId: "g2" });

interface Recalled extends SearchAnswer {
  readonly queryId: string;
}

describe.each([
  ["session", { sessionId: "s1" }],
  ["agent", { agentId: "g1" }],
  ["session and agent", { sessionId: "s1", agentId: "g1" }],
])("a token bound to one %s", (_what, bound) => {
  it("finds nothing beyond it by process or search, asked once or again", async () => {
    const token = await tokenFor(bound);
    for (const [path, body] of [
      ["/api/process", { text: "where are the banjos?", remember: false }],
      ["/api/process", { text: "The banjos are out of tune.", remember: true }],
      ["/api/search", { query: "where are the banjos?" }],
      ["/api/search", { query: "where are the banjos?" }],
    ] as const) {
      // The answer for the whole user stands in the cache.
      await a("POST", "/api/search", { query: "where are the banjos?", userId: "u1" });
      const { status, body: answer } = await token<Recalled>("POST", path, body);
      expect(status).toBe(200);
      expect(answer.results.map(({ id }) => id)).toContain(own);
      expect(answer.results.map(({ id }) => id)).not.toContain(other);
    }
  });

  it("rates and has explained what it was answered, and nothing of an answer to the whole user", async () => {
    const token = await tokenFor(bound);
    const mine = await token<Recalled>("POST", "/api/process", { text: "where are the banjos?", remember: false });
    const { queryId } = mine.body;
    expect((await token("POST", "/api/feedback", { queryId, memoryId: own, rating: "up" })).status).toBe(201);
    expect((await token("POST", "/api/explain", { queryId, memoryId: own })).body).toMatchObject({ included: true });
    const whole = await a<Recalled>("POST", "/api/search", { query: "where are the banjos?", userId: "u1" });
    for (const path of ["/api/feedback", "/api/explain"]) {
      const body = { queryId: whole.body.queryId, memoryId: own, ...(path.endsWith("feedback") && { rating: 5 }) };
      expect((await token("POST", path, body)).body["code"]).toBe("query.not_found");
    }
  });
});
