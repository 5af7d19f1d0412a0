/** /api/context, /api/explain, /api/entities and /api/graph: what they pass on, answer and refuse. */

import { NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { createFixture, ID, NOW } from "./app-fixture.ts";

const as = (key: string) => ({ authorization: `Bearer ${key}` });
const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];
const asked = ({ calls }: ReturnType<typeof createFixture>) => calls[0]?.args[1];

describe("POST /api/context", () => {
  it("fills what is left out: 2,000 tokens, all levels", async () => {
    const fixture = createFixture();
    const response = await fixture.send("POST", "/api/context", { query: "a", userId: "u1", sessionId: "s9" });
    expect(asked(fixture)).toEqual({
      query: "a",
      userId: "u1",
      agentId: undefined,
      sessionId: "s9",
      maxTokens: 2_000,
      levels: ["immediate", "recent", "longTerm"],
      filter: { all: [] },
      consistency: undefined,
      maxStalenessMs: 1_000,
      budgetMs: 250,
      subject: undefined,
    });
    expect(Object.keys((await response.json()) as object)).toEqual([
      "context",
      "items",
      "totalTokens",
      "tokenizer",
      "levelDistribution",
      "avgRelevance",
      "cacheHits",
      "totalSearched",
      "skipped",
    ]);
  });

  it.each<[unknown, string]>([
    [{ query: "a", maxTokens: 49 }, "body.invalid"],
    [{ query: "a", maxTokens: 32_001 }, "body.invalid"],
    [{ query: "a", maxTokens: "100" }, "body.invalid"],
    [{ query: " " }, "body.invalid"],
    [{ userId: "u1" }, "body.invalid"],
    [{ query: "a", levels: [] }, "body.invalid"],
    [{ query: "a", levels: ["forever"] }, "body.invalid"],
    [{ query: "a", k: 10 }, "body.unknown_field"],
    [{ query: "a", filters: { nothing: 1 } }, "search.filter_unknown"],
  ])("refuses %j with %s", async (body, code) => {
    expect(await codeOf(await createFixture().send("POST", "/api/context", body))).toEqual([400, code]);
  });
});

describe("POST /api/explain", () => {
  it("is about an answer, or about a search with all its fields", async () => {
    const ofAnswer = createFixture();
    await ofAnswer.send("POST", "/api/explain", { queryId: "q1.x", memoryId: ID.toUpperCase() }, as("read-key"));
    expect(asked(ofAnswer)).toEqual({ queryId: "q1.x", memoryId: ID, subject: undefined, tenantWide: false });
    const ofSearch = createFixture();
    const body = { query: "a", userId: "u1", k: 3, asOf: "2026-01-01", memoryId: ID };
    await ofSearch.send("POST", "/api/explain", body);
    expect(asked(ofSearch)).toMatchObject({
      memoryId: ID,
      tenantWide: true,
      search: { query: "a", userId: "u1", k: 3, asOf: new Date("2026-01-01T00:00:00Z"), budgetMs: 250 },
    });
  });

  it("answers with reasons and evidence, times as ISO 8601, null for what is not known", async () => {
    const response = await createFixture().send("POST", "/api/explain", { queryId: "q1.x", memoryId: ID });
    expect(await response.json()).toMatchObject({
      included: false,
      rank: null,
      score: null,
      factors: null,
      agreement: null,
      reasons: [{ code: "expired", at: new Date(NOW).toISOString() }],
      evidence: { terms: [], neighbours: [], entities: [], replacedBy: [] },
      accuracyTier: "hot",
    });
  });

  it.each<[unknown, string]>([
    [{ queryId: "q1.x" }, "body.invalid"],
    [{ queryId: "q1.x", memoryId: "m" }, "body.invalid"],
    [{ queryId: "q1.x", query: "a", memoryId: ID }, "body.unknown_field"],
    [{ query: "a", memoryId: ID, k: 201 }, "search.k_too_large"],
    [{ memoryId: ID }, "body.invalid"],
    [[], "body.invalid"],
  ])("refuses %j with %s", async (body, code) => {
    expect(await codeOf(await createFixture().send("POST", "/api/explain", body))).toEqual([400, code]);
  });
});

describe("GET /api/entities and /api/graph", () => {
  it("pass on what is asked for, and answer without what is ours alone", async () => {
    const list = createFixture();
    const response = await list.send("GET", "/api/entities?userId=u1&type=person&q=An&limit=3&cursor=c");
    expect(asked(list)).toEqual({ userId: "u1", type: "person", q: "An", limit: 3, cursor: "c" });
    const at = new Date(NOW).toISOString();
    const entity = { id: ID, name: "Ana", type: "person", aliases: [], frequency: 2, firstSeenAt: at, lastSeenAt: at };
    expect(await response.json()).toEqual({ items: [entity], nextCursor: null, ranked: true });
    const one = createFixture();
    const view = await one.send("GET", `/api/entities/${ID}?userId=u1`);
    expect(one.calls[0]?.args.slice(1)).toEqual(["u1", ID]);
    expect(await view.json()).toEqual({ ...entity, relations: [], neighbours: [], memoryIds: [ID] });
    const graph = createFixture();
    const drawn = await graph.send("GET", "/api/graph?userId=u1&entity=Ana&depth=2");
    expect(asked(graph)).toEqual({ userId: "u1", entity: "Ana", depth: 2, limit: 50 });
    expect(await drawn.json()).toEqual({ nodes: [{ id: ID, name: "Ana", type: "person", frequency: 2 }], edges: [] });
  });

  it.each([
    ["/api/entities?userId=u1&type=thing", 400, "body.invalid"],
    ["/api/entities?userId=u1&limit=201", 400, "body.invalid"],
    ["/api/entities?userId=u1&frequency=2", 400, "body.unknown_field"],
    [`/api/entities/${ID}?userId=u1&q=a`, 400, "body.unknown_field"],
    ["/api/graph?userId=u1", 400, "body.invalid"],
    ["/api/graph?userId=u1&entity=Ana&depth=3", 400, "body.invalid"],
  ])("refuse %s with %i %s", async (path, status, code) => {
    expect(await codeOf(await createFixture().send("GET", path))).toEqual([status, code]);
  });

  it("answer 404 for an entity that is not there", async () => {
    const fail = () => Promise.reject(new NexusError("entity.not_found", "[test] none"));
    const { send } = createFixture({ service: { entity: fail, graph: fail } });
    for (const path of [`/api/entities/${ID}?userId=u1`, "/api/graph?userId=u1&entity=Ana"])
      expect(await codeOf(await send("GET", path))).toEqual([404, "entity.not_found"]);
  });
});

describe("without a userId", () => {
  it.each<[string, string, object | undefined]>([
    ["POST", "/api/context", { query: "a" }],
    ["POST", "/api/explain", { query: "a", memoryId: ID }],
    ["GET", "/api/entities", undefined],
    ["GET", `/api/entities/${ID}`, undefined],
    ["GET", "/api/graph?entity=Ana", undefined],
  ])("%s %s takes an admin key", async (method, path, body) => {
    const fixture = createFixture();
    expect(await codeOf(await fixture.send(method, path, body, as("read-key")))).toEqual([403, "auth.scope"]);
    expect(fixture.calls).toEqual([]);
    expect((await fixture.send(method, path, body)).status).toBe(200);
  });
});

describe("a user token", () => {
  async function holder(of: object = {}) {
    const fixture = createFixture();
    const response = await fixture.send("POST", "/api/tokens", { userId: "u1", scopes: ["read"], ...of });
    const { token } = (await response.json()) as { token: string };
    fixture.calls.length = 0;
    return { ...fixture, token: as(token) };
  }

  it.each<[string, string, object | undefined]>([
    ["POST", "/api/context", { query: "a", userId: "u2" }],
    ["POST", "/api/explain", { query: "a", memoryId: ID, userId: "u2" }],
    ["GET", "/api/entities?userId=u2", undefined],
    ["GET", `/api/entities/${ID}?userId=u2`, undefined],
    ["GET", "/api/graph?entity=Ana&userId=u2", undefined],
  ])("may not %s %s for another user", async (method, path, body) => {
    const { send, token, calls } = await holder();
    expect(await codeOf(await send(method, path, body, token))).toEqual([403, "auth.user_mismatch"]);
    expect(calls).toEqual([]);
  });

  it("is named to the service with all that it may reach, also for an answer given before", async () => {
    const subject = { userId: "u1", sessionId: "s9" };
    const { send, token, calls } = await holder({ sessionId: "s9" });
    await send("POST", "/api/context", { query: "a" }, token);
    await send("POST", "/api/explain", { query: "a", memoryId: ID }, token);
    await send("POST", "/api/explain", { queryId: "q1.x", memoryId: ID }, token);
    expect(calls.map(({ args }) => (args[1] as { subject?: object }).subject)).toEqual([subject, subject, subject]);
    expect(calls[2]?.args[1]).toMatchObject({ tenantWide: false });
  });

  it("of one session is no token for the user's entities", async () => {
    const { send, token } = await holder({ sessionId: "s9" });
    for (const path of ["/api/entities", `/api/entities/${ID}`, "/api/graph?entity=Ana"])
      expect(await codeOf(await send("GET", path, undefined, token))).toEqual([403, "auth.scope"]);
  });
});
