/** What merging, replacing and importing must not open: other sessions to a token, other tenants, an erasure that leaves something. */

import { describe, expect, it } from "vitest";
import {
  type Api,
  createApi,
  jobEnds,
  type JobAnswer,
  type RememberAnswer,
  type SearchAnswer,
} from "../support/api.ts";
import { openApp } from "../support/local-app.ts";

const { a, b, local } = await openApp("linked");

const ONE = "The spare key is under the blue flower pot by the door";
const SAME = "The spare key is under the blue flower pot, by the door!";

const tell = async (content: string, more: object = {}, api: Api = a): Promise<string> =>
  (await api<RememberAnswer>("POST", "/api/memories", { content, ...more })).body.results[0]?.id ?? "";

const tokenFor = async (subject: object): Promise<Api> => {
  const { body } = await a<{ token: string }>("POST", "/api/tokens", { scopes: ["read", "write"], ...subject });
  return createApi({ key: body.token, fetch: (request) => local.fetch(request) });
};

const statusOf = async (id: string): Promise<unknown> => {
  const { status, body } = await a("GET", `/api/memories/${id}`);
  return status === 200 ? body["status"] : status;
};

describe("two sessions of one user", () => {
  it("each find what was said in them, although it is nearly the same", async () => {
    const userId = "sessions-find";
    await tell(ONE, { userId, sessionId: "s1" });
    await tell(SAME, { userId, sessionId: "s2" });
    const found = async (sessionId: string) =>
      (await a<SearchAnswer>("POST", "/api/search", { query: "spare key", userId, sessionId })).body.results.length;
    expect([await found("s1"), await found("s2")]).toEqual([1, 1]);
  });

  it("a token of the one cannot delete, through a merge, what the other holds", async () => {
    const userId = "sessions-delete";
    const first = await tell(ONE, { userId, sessionId: "s1" });
    const token = await tokenFor({ userId, sessionId: "s2" });
    const second = await tell(SAME, {}, token);
    await token("DELETE", `/api/memories/${second}`);
    expect(await statusOf(first)).not.toBe(404);
  });
});

describe("another tenant's memory", () => {
  it.each([
    ["invalidate", { reason: "x" }],
    ["merges/undo", undefined],
  ])("cannot be reached by %s", async (path, body) => {
    const id = await tell(ONE, { userId: `tenant ${path}` });
    const { status, body: problem } = await b("POST", `/api/memories/${id}/${path}`, body);
    expect([status, problem["code"]]).toEqual([404, "memory.not_found"]);
    expect(await statusOf(id)).toBe("active");
  });

  it("named by imported references and ratings is not touched by them", async () => {
    const id = await tell(ONE, { userId: "ana" });
    const mine = await tell(SAME, { userId: "ana" }, b);
    const at = "2026-01-01T00:00:00Z";
    const reference = {
      type: "reference",
      userId: "ana",
      kind: "mergedInto",
      memoryId: mine,
      targetId: id,
      reason: "x",
    };
    const lines = [{ ...reference, similarity: null, formerValidTo: null, createdAt: at, undoneAt: null }];
    const { body } = await b("POST", "/api/import", lines.map((line) => JSON.stringify(line)).join("\n"), {
      "content-type": "application/x-ndjson",
    });
    expect(body).toMatchObject({ imported: 0, failed: [{ code: "memory.not_found" }] });
    await b("DELETE", `/api/memories/${mine}`);
    expect(await statusOf(id)).toBe("active");
  });
});

describe("an erasure", () => {
  const NDJSON = { "content-type": "application/x-ndjson" };
  const exported = async (userId: string): Promise<Record<string, unknown>[]> =>
    (await a<string>("POST", "/api/export", { userId })).body
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ type }) => type !== "export" && type !== "end");
  const erase = async (userId: string): Promise<void> => {
    const { body } = await a<{ job: JobAnswer }>("DELETE", `/api/users/${userId}`);
    expect((await jobEnds(a, body.job.id)).status).toBe("done");
  };

  it("leaves no imported rating, whatever time it claims", async () => {
    const rating = {
      type: "feedback",
      userId: "rater",
      id: "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
      queryId: "q",
      memoryId: null,
      rating: 1,
      comment: "a secret of the rater",
      features: {},
      createdAt: "2100-01-01T00:00:00Z",
    };
    await a("POST", "/api/import", JSON.stringify(rating), NDJSON);
    await erase("rater");
    expect(await exported("rater")).toEqual([]);
  });

  it("leaves no imported memory, whatever place in the order it claims", async () => {
    const userId = "arrival";
    await tell(ONE, { userId });
    const lines = (await exported(userId)).map((line) => JSON.stringify({ ...line, arrival: 9_007_199_254_740_991 }));
    await erase(userId);
    await a("POST", "/api/import", lines.join("\n"), NDJSON);
    await erase(userId);
    expect(await exported(userId)).toEqual([]);
  });
});

describe("preconditions and keys", () => {
  it("If-Match guards an invalidation, and an undo refuses it", async () => {
    const id = await tell(ONE, { userId: "match", createdAt: "2026-01-01T00:00:00Z" });
    const end = (version: string) =>
      a("POST", `/api/memories/${id}/invalidate`, { reason: "x" }, { "if-match": version });
    expect((await end('"2"')).status).toBe(412);
    const done = await end('"1"');
    expect([done.status, done.headers.get("etag")]).toEqual([200, '"2"']);
    expect((await a("POST", `/api/memories/${id}/merges/undo`, undefined, { "if-match": '"2"' })).status).toBe(400);
  });

  it("one key on two routes, and on two memories, is two requests", async () => {
    const headers = { "idempotency-key": "one-key" };
    const createdAt = "2026-01-01T00:00:00Z";
    const ids = [await tell(ONE, { userId: "k1", createdAt }), await tell(ONE, { userId: "k2", createdAt })];
    for (const id of ids)
      expect((await a("POST", `/api/memories/${id}/invalidate`, { reason: "x" }, headers)).status).toBe(200);
    expect(await Promise.all(ids.map(statusOf))).toEqual(["invalidated", "invalidated"]);
  });

  it("a key that comes back after the memory was forgotten gives its first answer or says that it is gone, and does nothing", async () => {
    const userId = "gone";
    await tell(ONE, { userId });
    const second = await tell(SAME, { userId });
    const headers = { "idempotency-key": "undo-1" };
    expect((await a("POST", `/api/memories/${second}/merges/undo`, undefined, headers)).status).toBe(200);
    await a("DELETE", `/api/memories/${second}`);
    expect([200, 404]).toContain((await a("POST", `/api/memories/${second}/merges/undo`, undefined, headers)).status);
  });
});

describe("a batch of 250", () => {
  it("with conflicts, repeats and replacements tells of each item, and sent again under its key changes nothing", async () => {
    const userId = "batch";
    await tell("taken", { userId, externalId: "batch-taken" });
    const memories = Array.from({ length: 250 }, (_, i) => {
      if (i % 50 === 7) return { userId, content: `other ${i}`, externalId: "batch-taken" };
      if (i % 2 === 0) return { userId, content: i % 4 === 0 ? ONE : SAME };
      return { userId: `batch-${i % 15}`, content: `note ${i} of the day about tree ${i}` };
    });
    const headers = { "idempotency-key": "batch-1" };
    const first = await a<RememberAnswer>("POST", "/api/memories", { memories }, headers);
    expect(first.status).toBeLessThan(300);
    expect(first.body.results).toHaveLength(250);
    const failed = first.body.results.flatMap(({ event }, i) => (event === "failed" ? [i] : []));
    expect(failed).toEqual([7, 57, 107, 157, 207]);
    const again = await a<RememberAnswer>("POST", "/api/memories", { memories }, headers);
    expect(again.body.results).toEqual(first.body.results);
    const { body } = await a<SearchAnswer>("POST", "/api/search", { query: "spare key", userId, k: 50 });
    expect(body.results.filter(({ memory }) => memory.includes("spare key"))).toHaveLength(1);
  });
});
