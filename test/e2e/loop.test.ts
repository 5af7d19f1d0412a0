/** The durable loop through HTTP: remember, find, change, forget. */

import { describe, expect, it } from "vitest";
import {
  type JobAnswer,
  jobEnds,
  listAll,
  type ListAnswer,
  type MemoryAnswer,
  type RememberAnswer,
  type SearchAnswer,
} from "../support/api.ts";
import { openApp } from "../support/local-app.ts";

const { a, reader, logs } = await openApp("loop");
let users = 0;
/** A user nobody else writes to. */
const newUser = (): string => `user-${++users}`;

async function remember(body: Record<string, unknown>, headers: Record<string, string> = {}): Promise<RememberAnswer> {
  const answer = await a<RememberAnswer>("POST", "/api/memories", body, headers);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

async function search(query: string, userId: string, more: Record<string, unknown> = {}): Promise<SearchAnswer> {
  const answer = await a<SearchAnswer>("POST", "/api/search", { query, userId, ...more });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

describe("remember and find", () => {
  it("finds a memory by its words as soon as it is acknowledged, with spans that slice the text", async () => {
    const userId = newUser();
    const { results, projected } = await remember({ userId, content: "Ana wants to fly to Lisbon in May" });
    const found = await search("Where does Ana want to fly?", userId);
    expect(projected).toBe(true);
    expect(found.results[0]).toMatchObject({ id: results[0]?.id, memory: "Ana wants to fly to Lisbon in May" });
    for (const { start, end, term } of found.results[0]?.spans ?? [])
      expect("Ana wants to fly to Lisbon in May".slice(start, end)).toBe(term);
    expect(found.results[0]?.spans.length).toBeGreaterThan(0);
  });

  it("answers a repeated query from the cache, and no longer once the user has written", async () => {
    const userId = newUser();
    await remember({ userId, content: "The bakery closes at six" });
    expect((await search("when does the bakery close", userId)).cache.tier).toBeNull();
    expect(await search("when does the bakery close", userId)).toMatchObject({
      path: "cache_only",
      cache: { tier: "l1" },
    });
    await remember({ userId, content: "Since June the bakery closes at five" });
    const fresh = await search("when does the bakery close", userId);
    expect(fresh.cache.tier).toBeNull();
    expect(fresh.results.map(({ memory }) => memory)).toContain("Since June the bakery closes at five");
  });

  it("keeps a statement and not a question in process, and never finds what it has just stored", async () => {
    const userId = newUser();
    const told = await a("POST", "/api/process", {
      userId,
      text: "My sister Ife runs the stall on Sundays.",
    });
    expect(told.body).toMatchObject({ results: [], remembered: { event: "added" } });
    const asked = await a<SearchAnswer>("POST", "/api/process", { userId, text: "Who runs the stall on Sundays?" });
    expect(asked.body).toMatchObject({ remembered: { event: "none", reason: "question" } });
    expect(asked.body.results[0]?.memory).toBe("My sister Ife runs the stall on Sundays.");
    expect(await listAll(a, { userId })).toHaveLength(1);
  });

  it("runs maximum for maxAccuracy", async () => {
    const { body } = await a("POST", "/api/process", { text: "Anything?", userId: newUser(), mode: "maxAccuracy" });
    expect(body).toMatchObject({ path: "maximum", analysis: { capped: false } });
  });

  it("recomputes every score from factors, weights and agreement", async () => {
    const userId = newUser();
    await remember({
      memories: ["red kite", "blue kite over the bay", "a kettle"].map((content) => ({ userId, content })),
    });
    const answer = await search("blue kite", userId, { explain: true });
    const { weights, results } = answer as unknown as {
      weights: Record<string, number>;
      results: { score: number; factors: Record<string, number>; explanation: string }[];
    };
    expect(results.length).toBeGreaterThan(0);
    for (const { score, factors, explanation } of results) {
      const sum = Object.entries(weights).reduce(
        (total, [name, weight]) => total + weight * (factors[name] ?? Number.NaN),
        0,
      );
      expect(score).toBeCloseTo(Math.min(1, sum * (factors["agreement"] ?? Number.NaN)), 10);
      expect(explanation).toMatch(/\.$/);
    }
    expect(Object.values(weights).reduce((total, weight) => total + weight, 0)).toBeCloseTo(1, 10);
  });

  it("sees its own writes with the token, and refuses a forged or foreign one", async () => {
    const userId = newUser();
    const { consistency } = await remember({ userId, content: "The code word is heron" });
    expect((await search("code word", userId, { consistency })).results).toHaveLength(1);
    const forged = await a("POST", "/api/search", {
      query: "x",
      userId,
      consistency: `${consistency?.slice(0, -4)}AAAA`,
    });
    expect(forged).toMatchObject({ status: 400, body: { code: "consistency.invalid" } });
  });
});

describe("the same memory again", () => {
  it("is unchanged for the same words, speaker and day, added for another speaker", async () => {
    const userId = newUser();
    const first = await remember({ userId, content: "I moved to Porto", speaker: "Ana" });
    const again = await remember({ userId, content: "I moved to Porto", speaker: "Ana" });
    const other = await remember({ userId, content: "I moved to Porto", speaker: "Ben" });
    expect(again.results[0]).toMatchObject({ event: "unchanged", id: first.results[0]?.id });
    expect(other.results[0]?.event).toBe("added");
  });

  it("is unchanged under its externalId, 409 with other content, and free again once forgotten", async () => {
    const userId = newUser();
    const first = await remember({ userId, externalId: "note-1", content: "first" });
    expect((await remember({ userId, externalId: "note-1", content: "first" })).results[0]).toMatchObject({
      event: "unchanged",
    });
    expect(await a("POST", "/api/memories", { userId, externalId: "note-1", content: "second" })).toMatchObject({
      status: 409,
      body: { code: "memory.exists" },
    });
    expect((await a("DELETE", `/api/memories/${first.results[0]?.id}`)).status).toBe(200);
    expect((await remember({ userId, externalId: "note-1", content: "second" })).results[0]?.event).toBe("added");
  });

  it("gives the first answer to an idempotency key sent again, 422 to the key with another body", async () => {
    const userId = newUser();
    const headers = { "idempotency-key": "k-1" };
    const first = await remember({ userId, content: "once" }, headers);
    const again = await remember({ userId, content: "once" }, headers);
    expect(again).toEqual(first);
    expect(await a("POST", "/api/memories", { userId, content: "twice" }, headers)).toMatchObject({
      status: 422,
      body: { code: "idempotency.mismatch" },
    });
    expect(await listAll(a, { userId })).toHaveLength(1);
  });

  it("gives a repeated DELETE its first answer under its idempotency key, 404 without", async () => {
    const { results } = await remember({ userId: newUser(), content: "to be forgotten" });
    const path = `/api/memories/${results[0]?.id}`;
    const first = await a("DELETE", path, undefined, { "idempotency-key": "d-1" });
    expect(await a("DELETE", path, undefined, { "idempotency-key": "d-1" })).toMatchObject({
      status: 200,
      body: first.body,
    });
    expect((await a("DELETE", path)).status).toBe(404);
  });
});

describe("batches", () => {
  it("of up to 100 are all or nothing", async () => {
    const userId = newUser();
    await remember({ userId, externalId: "taken", content: "there first" });
    const memories = [
      { userId, content: "new one" },
      { userId, externalId: "taken", content: "not the same" },
    ];
    expect(await a("POST", "/api/memories", { memories })).toMatchObject({
      status: 409,
      body: { code: "memory.exists" },
    });
    expect(await listAll(a, { userId })).toHaveLength(1);
  });

  it("above 100 report each item and keep the good ones", async () => {
    const userId = newUser();
    const memories = Array.from({ length: 230 }, (_, i) => ({
      userId,
      externalId: `item-${i}`,
      content: `item number ${i}`,
    }));
    memories[150] = { userId, externalId: "item-3", content: "another item three" };
    const { results } = await remember({ memories });
    expect(results.map(({ event }) => event)).toEqual(memories.map((_, i) => (i === 150 ? "failed" : "added")));
    expect(results[150]?.error).toMatchObject({ code: "memory.exists" });
    expect(await listAll(a, { userId })).toHaveLength(229);
  });

  it("resolve duplicates inside themselves in order", async () => {
    const userId = newUser();
    const { results } = await remember({
      memories: [
        { userId, content: "same" },
        { userId, content: "same" },
      ],
    });
    expect(results.map(({ event }) => event)).toEqual(["added", "unchanged"]);
    expect(results[1]?.id).toBe(results[0]?.id);
  });

  it("take chat messages: the name or role speaks, the role is kept", async () => {
    const userId = newUser();
    const { results } = await remember({
      userId,
      sessionId: "s1",
      messages: [
        { role: "user", name: "Ana", content: "Hello" },
        { role: "assistant", content: "Good morning" },
      ],
    });
    const memories = await Promise.all(results.map(async ({ id }) => (await a("GET", `/api/memories/${id}`)).body));
    expect(memories).toMatchObject([
      { speaker: "Ana", metadata: { role: "user" } },
      { speaker: "assistant", metadata: { role: "assistant" } },
    ]);
  });
});

describe("change and forget", () => {
  it("PATCH makes a version, keeps the history, and is found by its new words only", async () => {
    const userId = newUser();
    const { results } = await remember({ userId, content: "The meeting is on Tuesday" });
    const path = `/api/memories/${results[0]?.id}`;
    const patched = await a<MemoryAnswer>(
      "PATCH",
      path,
      { content: "The meeting is on Thursday" },
      { "if-match": '"1"' },
    );
    expect(patched).toMatchObject({ status: 200, body: { version: 2, content: "The meeting is on Thursday" } });
    expect(patched.headers.get("etag")).toBe('"2"');
    expect(await a("PATCH", path, { content: "never" }, { "if-match": '"1"' })).toMatchObject({
      status: 412,
      body: { code: "memory.version_conflict" },
    });
    const { body } = await a<{ items?: unknown[]; versions?: unknown[] }>("GET", `${path}/history`);
    expect(JSON.stringify(body)).toContain("Tuesday");
    expect((await search("Thursday meeting", userId)).results[0]?.memory).toBe("The meeting is on Thursday");
    expect((await search("Tuesday", userId)).results.filter(({ memory }) => memory.includes("Tuesday"))).toEqual([]);
  });

  it("DELETE leaves nothing to get, list, find or read the history of", async () => {
    const userId = newUser();
    const { results } = await remember({ userId, content: "Forget this sentence about walruses" });
    const path = `/api/memories/${results[0]?.id}`;
    expect(await a("DELETE", path)).toMatchObject({ status: 200, body: { event: "forgotten" } });
    expect((await a("GET", path)).status).toBe(404);
    expect((await a("GET", `${path}/history`)).status).toBe(404);
    expect((await search("walruses", userId)).results).toEqual([]);
    expect(await listAll(a, { userId })).toEqual([]);
  });

  it("an expired memory is gone from every read at its moment", async () => {
    const userId = newUser();
    const { results } = await remember({
      userId,
      content: "Parking ticket is valid",
      expiresAt: new Date(Date.now() + 1_500).toISOString(),
    });
    expect((await search("parking ticket", userId)).results).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect((await search("parking ticket", userId)).results).toEqual([]);
    expect((await a("GET", `/api/memories/${results[0]?.id}`)).status).toBe(404);
    expect(await listAll(a, { userId })).toEqual([]);
  });

  it("bulk forget counts first, then forgets what matches in a job", async () => {
    const userId = newUser();
    const memories = Array.from({ length: 120 }, (_, i) => ({
      userId,
      content: `entry ${i}`,
      metadata: { even: i % 2 === 0 },
    }));
    await remember({ memories });
    const filters = { "metadata.even": true };
    expect(await a("DELETE", "/api/memories", { userId, filters, dryRun: true })).toMatchObject({
      status: 200,
      body: { count: 60 },
    });
    const { status, body } = await a<{ job: JobAnswer }>("DELETE", "/api/memories", { userId, filters });
    expect(status).toBe(202);
    expect(await jobEnds(a, body.job.id)).toMatchObject({ status: "done", result: { forgotten: 60 } });
    expect((await listAll(a, { userId })).every(({ metadata }) => metadata["even"] === false)).toBe(true);
  });
});

describe("long and late", () => {
  it("indexes the first 32 chunks at once and the rest by a job", async () => {
    const userId = newUser();
    const paragraphs = Array.from(
      { length: 60 },
      (_, i) =>
        `${`Paragraph ${i} speaks at length about ordinary things and goes on. `.repeat(24)}Its marker is beacon${i}q.`,
    );
    const { results } = await remember({ userId, content: paragraphs.join("\n\n") });
    const path = `/api/memories/${results[0]?.id}`;
    await expect
      .poll(async () => (await a<MemoryAnswer>("GET", path)).body.indexed.pending, { timeout: 10_000 })
      .toBe(0);
    expect((await a<MemoryAnswer>("GET", path)).body.indexed.chunks).toBeGreaterThan(32);
    const late = await search("beacon59q", userId);
    const [span] = late.results[0]?.spans ?? [];
    expect(late.results[0]?.memory.slice(span?.start, span?.end)).toBe("beacon59q");
  });

  it("async: true answers 202 with a job that exists, and the job's result is the answer", async () => {
    const userId = newUser();
    const { status, body, headers } = await a<{ job: JobAnswer }>("POST", "/api/memories", {
      userId,
      content: "Written a little later",
      async: true,
    });
    expect(status).toBe(202);
    expect(headers.get("location")).toBe(`/api/jobs/${body.job.id}`);
    const job = await jobEnds(a, body.job.id);
    expect(job).toMatchObject({ status: "done", result: { results: [{ event: "added" }] } });
    expect((await search("later", userId)).results).toHaveLength(1);
  });
});

describe("lists", () => {
  it("page newest first without gaps or repeats, by filters, and refuse a foreign cursor", async () => {
    const userId = newUser();
    await remember({
      memories: Array.from({ length: 57 }, (_, i) => ({ userId, content: `row ${i}`, metadata: { n: i } })),
    });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body }: { body: ListAnswer } = await a<ListAnswer>("POST", "/api/memories/query", {
        userId,
        limit: 10,
        cursor,
      });
      seen.push(...body.items.map(({ content }) => content));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(Array.from({ length: 57 }, (_, i) => `row ${56 - i}`));
    const filtered = await listAll(a, { userId, filters: { "metadata.n": { gte: 50 } } });
    expect(filtered).toHaveLength(7);
    expect(await a("POST", "/api/memories/query", { userId, cursor: "AAAA" })).toMatchObject({
      status: 400,
      body: { code: "body.invalid" },
    });
  });

  it("search honours filters exactly, with as many results as fit", async () => {
    const userId = newUser();
    await remember({
      memories: Array.from({ length: 90 }, (_, i) => ({
        userId,
        content: `apple number ${i}`,
        metadata: { rare: i === 77 },
      })),
    });
    const { results } = await search("apple", userId, { filters: { "metadata.rare": true } });
    expect(results.map(({ memory }) => memory)).toEqual(["apple number 77"]);
  });
});

describe("keys and logs", () => {
  it("a read-only key finds and may not write", async () => {
    expect((await reader("POST", "/api/search", { query: "x", userId: "u" })).status).toBe(200);
    expect(await reader("POST", "/api/memories", { userId: "u", content: "x" })).toMatchObject({
      status: 403,
      body: { code: "auth.scope" },
    });
    expect(await reader("POST", "/api/search", { query: "x" })).toMatchObject({ status: 403 });
  });

  it("logs say what happened and never what was said", () => {
    expect(logs.length).toBeGreaterThan(20);
    expect(logs.join("\n")).not.toMatch(/walruses|Lisbon|heron|test-key/);
  });
});
