import type { Writer } from "@nexus/memory";
import { describe, expect, it } from "vitest";
import { createFixture, ID, NOW, storedMemory } from "./app-fixture.ts";

describe("POST /api/memories", () => {
  it("one, many and messages become the same kind of memories", async () => {
    const { send, calls } = createFixture();
    const at = "2026-04-30T12:00:00+02:00";
    await send("POST", "/api/memories", { content: " a ", userId: "u1", createdAt: at, id: ID.toUpperCase() });
    await send("POST", "/api/memories", { memories: [{ content: "b" }, { content: "c", metadata: { n: 1 } }] });
    await send("POST", "/api/memories", {
      userId: "u1",
      sessionId: "s1",
      messages: [
        { role: "user", name: "Ana", content: "d" },
        { role: "assistant", content: "e", metadata: { role: "planner", n: 2 } },
      ],
    });
    const [one, many, messages] = calls.filter(({ method }) => method === "remember").map(({ args }) => args[1]);
    expect(one).toMatchObject([{ content: " a ", userId: "u1", id: ID, createdAt: new Date("2026-04-30T10:00:00Z") }]);
    expect(many).toMatchObject([
      { content: "b", metadata: {} },
      { content: "c", metadata: { n: 1 } },
    ]);
    expect(messages).toMatchObject([
      { content: "d", speaker: "Ana", userId: "u1", sessionId: "s1", metadata: { role: "user" } },
      { content: "e", speaker: "assistant", metadata: { role: "planner", n: 2 } },
    ]);
  });

  it("null means the same as leaving a field out", async () => {
    const { send, calls } = createFixture();
    const nothing = { userId: null, agentId: null, createdAt: null, metadata: null, expiresAt: null, id: null };
    expect((await send("POST", "/api/memories", { content: "a", ...nothing, async: null })).status).toBe(201);
    expect(calls[0]?.args[1]).toEqual([expect.objectContaining({ content: "a", metadata: {}, userId: undefined })]);
  });

  it("answers 201 with results, token and projection", async () => {
    const response = await createFixture().send("POST", "/api/memories", { content: "a" });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      results: [{ id: ID, event: "added", relatedId: null, error: null }],
      consistency: "cv1.token",
      projected: true,
    });
  });

  it("async: true answers 202 with the job and where it is", async () => {
    const { send, calls } = createFixture();
    const response = await send("POST", "/api/memories", { content: "a", async: true });
    expect([response.status, response.headers.get("location")]).toEqual([202, `/api/jobs/${ID}`]);
    const job = {
      id: ID,
      kind: "forget",
      status: "queued",
      progress: { done: 0, total: 2 },
      result: null,
      error: null,
    };
    expect(await response.json()).toEqual({ job });
    expect(calls[0]?.method).toBe("rememberLater");
  });

  it("metadata reaches the service as it was sent, whatever its keys", async () => {
    const { send, calls } = createFixture();
    await send("POST", "/api/memories", '{"content":"a","metadata":{"constructor":1,"toString":{"b":null}}}');
    expect(calls[0]?.args[1]).toMatchObject([{ metadata: { constructor: 1, toString: { b: null } } }]);
  });
});

describe("Idempotency-Key", () => {
  const idempotency = async (body: unknown, key: string, method = "POST", path = "/api/memories") => {
    const { send, calls } = createFixture();
    await send(method, path, body, { "idempotency-key": key });
    return (calls[0]?.args[0] as Writer | undefined)?.idempotency;
  };

  it("the hash does not depend on the order of keys, and does on values", async () => {
    const one = await idempotency('{"content":"a","userId":"u"}', "k1");
    const two = await idempotency('{"userId":"u","content":"a"}', "k1");
    expect(one).toEqual({ route: "POST /api/memories", key: "k1", bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(two).toEqual(one);
    expect(await idempotency('{"userId":"u","content":"b"}', "k1")).not.toEqual(one);
  });

  it("the route names the memory", async () => {
    const found = await idempotency(undefined, "k", "DELETE", `/api/memories/${ID.toUpperCase()}`);
    expect(found?.route).toBe(`DELETE /api/memories/${ID}`);
  });

  it.each(["", "two words", "x".repeat(256), "\u00e9"])("the key %j is refused", async (key) => {
    const { send, calls } = createFixture();
    const response = await send("POST", "/api/memories", { content: "a" }, { "idempotency-key": key });
    expect([response.status, calls]).toEqual([400, []]);
  });
});

describe("/api/memories/{id}", () => {
  it("GET answers every field, null where there is no value", async () => {
    const response = await createFixture().send("GET", `/api/memories/${ID.toUpperCase()}`);
    const at = new Date(NOW).toISOString();
    expect(response.headers.get("etag")).toBe('"3"');
    expect(await response.json()).toEqual({
      id: ID,
      externalId: null,
      content: storedMemory.content,
      userId: "u1",
      agentId: null,
      sessionId: null,
      speaker: null,
      createdAt: at,
      recordedAt: at,
      updatedAt: at,
      validFrom: null,
      validTo: null,
      expiresAt: null,
      version: 3,
      status: "active",
      invalidReason: null,
      metadata: { topic: "travel" },
      entities: [],
      language: "en",
      indexed: { chunks: 1, pending: 0 },
    });
  });

  it.each([
    ['"3"', 3],
    ["*", undefined],
    [undefined, undefined],
  ])("PATCH passes If-Match %s on as version %s", async (header, ifVersion) => {
    const { send, calls } = createFixture();
    const headers = header === undefined ? undefined : { "if-match": header };
    const response = await send("PATCH", `/api/memories/${ID}`, { speaker: null, validTo: "2026-06-01" }, headers);
    expect([response.status, response.headers.get("etag")]).toEqual([200, '"4"']);
    expect(await response.json()).toMatchObject({ version: 4, consistency: "cv1.token" });
    const patch = { speaker: null, validTo: new Date("2026-06-01T00:00:00Z") };
    expect(calls[0]?.args.slice(1)).toEqual([ID, patch, { ifVersion }]);
  });

  it.each(['W/"3"', "3", '"a"', '"0"', '"1", "2"', '"03"'])("PATCH refuses If-Match %s", async (header) => {
    const { send, calls } = createFixture();
    const response = await send("PATCH", `/api/memories/${ID}`, { content: "a" }, { "if-match": header });
    expect([response.status, calls]).toEqual([400, []]);
  });

  it("DELETE says what is gone, and refuses a condition that it would not keep", async () => {
    const { send } = createFixture();
    const response = await send("DELETE", `/api/memories/${ID}`);
    expect(await response.json()).toEqual({ id: ID, event: "forgotten", consistency: "cv1.token" });
    expect((await send("DELETE", `/api/memories/${ID}`, undefined, { "if-match": '"3"' })).status).toBe(400);
  });
});

describe("lists", () => {
  it("a query string and a body ask for the same", async () => {
    const { send, calls } = createFixture();
    await send("GET", "/api/memories?userId=u1&sessionId=s1&agentId=a1&limit=5&cursor=c&includeSuperseded=true");
    const body = { userId: "u1", sessionId: "s1", agentId: "a1", limit: 5, cursor: "c", includeSuperseded: true };
    const response = await send("POST", "/api/memories/query", body);
    expect(calls[0]?.args).toEqual(calls[1]?.args);
    expect(calls[0]?.args[1]).toEqual({
      userId: "u1",
      sessionId: "s1",
      filter: { field: "agentId", operator: "eq", value: "a1" },
      limit: 5,
      cursor: "c",
      includeSuperseded: true,
    });
    expect(await response.json()).toMatchObject({ items: [{ id: ID }], nextCursor: "next" });
  });

  it("DELETE /api/memories counts with dryRun, else makes a job", async () => {
    const { send, calls } = createFixture();
    const counted = await send("DELETE", "/api/memories?userId=u1&dryRun=true");
    expect([counted.status, await counted.json()]).toEqual([200, { count: 7 }]);
    const started = await send("DELETE", "/api/memories", { userId: "u1", filters: { "metadata.topic": "x" } });
    expect([started.status, started.headers.get("location")]).toEqual([202, `/api/jobs/${ID}`]);
    expect(calls[1]?.args[1]).toMatchObject({
      filter: {
        all: [
          { field: "userId", operator: "eq", value: "u1" },
          { field: "metadata.topic", operator: "eq", value: "x" },
        ],
      },
    });
  });

  it("jobs come in the shape of their route", async () => {
    const { send } = createFixture();
    const job = (await (await send("GET", `/api/jobs/${ID}`)).json()) as object;
    expect(Object.keys(job)).toEqual(["id", "kind", "status", "progress", "result", "error"]);
    expect(await (await send("GET", "/api/jobs?limit=2")).json()).toEqual({ items: [job], nextCursor: null });
  });
});
