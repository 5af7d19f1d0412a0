/**
 * A user token reaches one user, on every route that there is: the routes are read off the OpenAPI document, and one
 * that nobody has said anything about here fails the test.
 */

import { describe, expect, it } from "vitest";
import { type Api, createApi, type JobAnswer, listAll, type RememberAnswer } from "../support/api.ts";
import { openApp } from "../support/local-app.ts";

const { a, b, reader, local } = await openApp("user-tokens");

/** Stands in every text of u2, and in no answer to a token of u1. */
const SECRET = "xylophone";

const tell = async (api: Api, userId: string, content: string, more: object = {}) =>
  (await api<RememberAnswer>("POST", "/api/memories", { userId, content, ...more })).body.results[0]?.id ?? "";

const tokenFor = async (subject: object, by: Api = a): Promise<Api> => {
  const { body } = await by<{ token: string }>("POST", "/api/tokens", { scopes: ["read", "write"], ...subject });
  return createApi({ key: body.token, fetch: (request) => local.fetch(request) });
};

const own = await tell(a, "u1", "Ana keeps her banjo in Porto", { sessionId: "s1" });
const elsewhere = await tell(a, "u1", "Ana sold the banjo in Lisbon", { sessionId: "s2" });
const foreign = await tell(a, "u2", `Ben keeps a ${SECRET} in Porto and visits Lisbon`, {
  externalId: `ext-${SECRET}`,
});
const question = { query: SECRET, userId: "u2" };
const answer = await a<{ queryId: string }>("POST", "/api/search", question);
const job = await a<{ job: JobAnswer }>("POST", "/api/memories", { userId: "u2", content: `a ${SECRET}`, async: true });
const entities = await a<{ items?: { id: string }[] }>("GET", "/api/entities?userId=u2");
const entity = entities.body.items?.[0]?.id ?? "";
const u1 = await tokenFor({ userId: "u1" });

interface Attempt {
  readonly path?: string;
  readonly body?: unknown;
  readonly is: readonly [status: number, code?: string];
}

const MISMATCH = [403, "auth.user_mismatch"] as const;
const KEYS_ONLY = [403, "auth.scope"] as const;
const GONE = [404, "memory.not_found"] as const;
const open: readonly Attempt[] = [{ is: [200] }];
const closed = (body?: unknown): readonly Attempt[] => [{ body, is: KEYS_ONLY }];
const one = (path: string, body?: unknown): readonly Attempt[] => [
  { path: `/api/memories/${foreign}${path}`, body, is: GONE },
];

/** What a token of u1 tries to see, change or delete of u2 on each route, and what it must get for it. */
const ATTEMPTS: Readonly<Record<string, readonly Attempt[]>> = {
  "POST /api/process": [
    { body: { text: SECRET, userId: "u2" }, is: MISMATCH },
    { body: { text: SECRET, remember: false }, is: [200] },
    { body: { text: SECRET, remember: false, filters: { or: { userId: "u2" } } }, is: [400, "search.filter_invalid"] },
    { body: { text: SECRET, remember: false, filters: { userId: "u2" } }, is: [200] },
  ],
  "POST /api/search": [
    { body: question, is: MISMATCH },
    { body: { query: SECRET }, is: [200] },
    { body: { query: SECRET, userId: null, filters: { userId: { in: ["u1", "u2"] } } }, is: [200] },
    { body: { query: SECRET, filters: { externalId: `ext-${SECRET}` } }, is: [200] },
  ],
  "POST /api/context": [
    { body: question, is: MISMATCH },
    { body: { query: SECRET }, is: [200] },
  ],
  "POST /api/explain": [
    { body: { query: SECRET, userId: "u2", memoryId: foreign }, is: MISMATCH },
    { body: { query: SECRET, memoryId: foreign }, is: GONE },
    { body: { queryId: answer.body.queryId, memoryId: foreign }, is: [404, "query.not_found"] },
  ],
  "POST /api/memories": [
    { body: { userId: "u2", content: "planted" }, is: MISMATCH },
    { body: { memories: [{ content: "fine" }, { userId: "u2", content: "planted" }] }, is: MISMATCH },
    { body: { userId: "u2", messages: [{ role: "user", content: "planted" }] }, is: MISMATCH },
    { body: { userId: "u2", content: "planted", async: true }, is: MISMATCH },
    { body: { id: foreign, content: "overwritten" }, is: [409, "memory.exists"] },
    { body: { externalId: `ext-${SECRET}`, content: "overwritten" }, is: [409, "memory.exists"] },
  ],
  "GET /api/memories": [
    { path: "/api/memories?userId=u2", is: MISMATCH },
    { path: "/api/memories", is: [200] },
  ],
  "POST /api/memories/query": [
    { body: { userId: "u2" }, is: MISMATCH },
    { body: {}, is: [200] },
    { body: { filters: { not: { userId: "u1" } } }, is: [200] },
  ],
  "DELETE /api/memories": [
    { body: { userId: "u2" }, is: MISMATCH },
    { path: "/api/memories?userId=u2&dryRun=true", is: MISMATCH },
    { body: { confirm: "all", filters: { userId: "u2" }, dryRun: true }, is: [200] },
  ],
  "GET /api/memories/{id}": one(""),
  "PATCH /api/memories/{id}": one("", { content: "changed" }),
  "DELETE /api/memories/{id}": one(""),
  "GET /api/memories/{id}/history": one("/history"),
  "POST /api/memories/{id}/invalidate": one("/invalidate", { reason: "mine now" }),
  "POST /api/memories/{id}/merges/undo": one("/merges/undo"),
  "POST /api/feedback": [
    { body: { queryId: answer.body.queryId, memoryId: foreign, rating: "down" }, is: [404, "query.not_found"] },
  ],
  "GET /api/patterns": [
    { path: "/api/patterns?userId=u2", is: MISMATCH },
    { path: "/api/patterns", is: [200] },
  ],
  "GET /api/trends": [
    { path: "/api/trends?userId=u2", is: MISMATCH },
    { path: "/api/trends", is: [200] },
  ],
  "GET /api/entities": [
    { path: "/api/entities?userId=u2", is: MISMATCH },
    { path: "/api/entities", is: [200] },
  ],
  "GET /api/entities/{id}": [
    { path: `/api/entities/${entity}?userId=u2`, is: MISMATCH },
    { path: `/api/entities/${entity}`, is: [404] },
  ],
  "GET /api/graph": [
    { path: `/api/graph?entity=${entity}&userId=u2`, is: MISMATCH },
    { path: `/api/graph?entity=${entity}`, is: [404] },
    { path: "/api/graph?entity=Ben", is: [404] },
  ],
  "GET /api/jobs/{id}": [{ path: `/api/jobs/${job.body.job.id}`, is: [404, "job.not_found"] }],
  "GET /api/jobs": closed(),
  "DELETE /api/users/{userId}": [
    { path: "/api/users/u2", is: KEYS_ONLY },
    { path: "/api/users/u1", is: KEYS_ONLY },
  ],
  "POST /api/embeddings": closed({ input: SECRET }),
  "GET /api/embeddings/models": closed(),
  "GET /api/embeddings/generations": closed(),
  "POST /api/embeddings/generations": closed({ action: "rollBack" }),
  "POST /api/export": closed({ userId: "u2" }),
  "POST /api/import": closed({ content: "planted", userId: "u2" }),
  "POST /api/tokens": closed({ userId: "u2", scopes: ["read"] }),
  "POST /api/keys": closed({ name: "mine", scopes: ["admin"] }),
  "GET /api/keys": closed(),
  "GET /api/keys/{id}": [{ path: "/api/keys/0123456789abcdef", is: KEYS_ONLY }],
  "DELETE /api/keys/{id}": [{ path: "/api/keys/0123456789abcdef", is: KEYS_ONLY }],
  "GET /health": open,
  "GET /health/ready": open,
  // Open to all on loopback: counts, without any user or tenant.
  "GET /metrics": open,
  "GET /openapi.json": open,
  "GET /docs": open,
};

const { body: document } = await a<{ paths: Record<string, Record<string, unknown>> }>("GET", "/openapi.json");
const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

describe("a token of u1", () => {
  it("has been tried on every route of the OpenAPI document", () => {
    expect(listed.length).toBeGreaterThanOrEqual(20);
    expect(entity).not.toBe("");
    expect(listed.filter((route) => ATTEMPTS[route] === undefined)).toEqual([]);
  });

  const attempts = listed.flatMap((route) =>
    (ATTEMPTS[route] ?? []).map((attempt, i) => [route, i + 1, attempt] as const),
  );

  it.each(attempts)("gets nothing of u2 from %s, attempt %i", async (route, _number, { path, body, is }) => {
    const [method = "", pattern = ""] = route.split(" ");
    const response = await u1(method, path ?? pattern, body);
    const text = JSON.stringify(response.body);
    const expected = [is[0], is[1] ?? response.body["code"]];
    expect([response.status, response.body["code"]], text.slice(0, 500)).toEqual(expected);
    expect(text).not.toContain(SECRET);
    if (!`${path}${JSON.stringify(body)}`.includes(foreign)) expect(text).not.toContain(foreign);
  });

  it("cannot tell what is u2's from what is not there", async () => {
    const nothing = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    for (const [there, method, tail] of [
      [foreign, "GET", ""],
      [foreign, "DELETE", ""],
      [foreign, "GET", "/history"],
      [foreign, "POST", "/merges/undo"],
    ] as const) {
      const [seen, unseen] = [there, nothing].map(async (id) => {
        const { body } = await u1(method, `/api/memories/${id}${tail}`);
        return JSON.stringify({ ...body, requestId: "" }).replaceAll(id, "");
      });
      expect(await seen).toBe(await unseen);
    }
    const jobs = [job.body.job.id, nothing].map(async (id) => {
      const { body } = await u1("GET", `/api/jobs/${id}`);
      return JSON.stringify({ ...body, requestId: "" }).replaceAll(id, "");
    });
    expect(await jobs[0]).toBe(await jobs[1]);
  });

  it("has changed nothing of u2 by all that", async () => {
    const left = (await listAll(a, { userId: "u2" })).map(({ content }) => content);
    expect(left.toSorted()).toEqual([`Ben keeps a ${SECRET} in Porto and visits Lisbon`, `a ${SECRET}`]);
    expect(JSON.stringify(await listAll(a))).not.toContain("planted");
    expect((await a<{ items: unknown[] }>("GET", "/api/keys?limit=200")).body.items).toHaveLength(2);
  });

  it("reaches what is u1's, its own jobs too", async () => {
    expect((await u1("GET", `/api/memories/${own}`)).status).toBe(200);
    const found = await u1<{ results: { id: string }[] }>("POST", "/api/search", { query: "banjo" });
    expect(found.body.results.map(({ id }) => id)).toContain(own);
    const later = await u1<{ job: JobAnswer }>("POST", "/api/memories", { content: "kept later", async: true });
    expect((await u1("GET", `/api/jobs/${later.body.job.id}`)).status).toBe(200);
    const renewed = await tokenFor({ userId: "u1" });
    expect((await renewed("GET", `/api/jobs/${later.body.job.id}`)).status).toBe(200);
    const added = await u1<RememberAnswer>("POST", "/api/memories", { content: "told by phone" });
    expect((await a("GET", `/api/memories/${added.body.results[0]?.id}`)).body).toMatchObject({ userId: "u1" });
  });

  it("sent again under one idempotency key happens once, for tokens of other users not at all", async () => {
    const headers = { "idempotency-key": "phone-1" };
    const first = await u1<RememberAnswer>("POST", "/api/memories", { content: "once only" }, headers);
    const second = await (
      await tokenFor({ userId: "u1" })
    )<RememberAnswer>("POST", "/api/memories", { content: "once only" }, headers);
    expect(second.body.results).toEqual(first.body.results);
    const other = await (
      await tokenFor({ userId: "u3" })
    )<RememberAnswer>("POST", "/api/memories", { content: "once only" }, headers);
    expect(other.body.results[0]?.id).not.toBe(first.body.results[0]?.id);
  });
});

describe("a token of one session", () => {
  it("reaches that session alone", async () => {
    const session = await tokenFor({ userId: "u1", sessionId: "s1" });
    expect((await session("GET", `/api/memories/${own}`)).status).toBe(200);
    expect(await session("GET", `/api/memories/${elsewhere}`)).toMatchObject({ status: 404 });
    const items = await session<{ items: { sessionId: string }[] }>("POST", "/api/memories/query", {});
    expect(new Set(items.body.items.map(({ sessionId }) => sessionId))).toEqual(new Set(["s1"]));
    expect(await session("POST", "/api/search", { query: "banjo", sessionId: "s2" })).toMatchObject({
      status: 403,
      body: { code: "auth.user_mismatch" },
    });
    const found = await session<{ results: { id: string }[] }>("POST", "/api/search", { query: "banjo" });
    expect(found.body.results.map(({ id }) => id)).toEqual([own]);
    const why = { query: "banjo", memoryId: elsewhere };
    expect(await session("POST", "/api/explain", why)).toMatchObject({
      status: 404,
      body: { code: "memory.not_found" },
    });
    const context = await session<{ items: { id: string }[] }>("POST", "/api/context", { query: "banjo" });
    expect(context.body.items.map(({ id }) => id)).toEqual([own]);
    // What cannot be confined to a session does not answer for the whole user.
    for (const path of ["/api/patterns", "/api/trends", "/api/entities", "/api/graph?entity=Ana"]) {
      expect(await session("GET", path)).toMatchObject({ status: 403, body: { code: "auth.scope" } });
    }
  });
});

describe("tokens and keys", () => {
  it("of one tenant are nothing to another", async () => {
    const ofB = await tokenFor({ userId: "u1" }, b);
    expect(await ofB("GET", `/api/memories/${own}`)).toMatchObject({ status: 404 });
    expect((await ofB<{ items: unknown[] }>("POST", "/api/memories/query", {})).body.items).toEqual([]);
    const { body: key } = await a<{ id: string }>("POST", "/api/keys", { name: "of a", scopes: ["read"] });
    expect((await b("GET", `/api/keys/${key.id}`)).status).toBe(404);
    expect((await b("DELETE", `/api/keys/${key.id}`)).status).toBe(404);
    expect((await b<{ items: { id: string }[] }>("GET", "/api/keys")).body.items.map(({ id }) => id)).not.toContain(
      key.id,
    );
  });

  it("of a reader read, and make tokens that read", async () => {
    expect((await reader("POST", "/api/tokens", { userId: "u1", scopes: ["write"] })).status).toBe(403);
    const reading = await tokenFor({ userId: "u1", scopes: ["read"] }, reader);
    expect((await reading("GET", `/api/memories/${own}`)).status).toBe(200);
    expect((await reading("POST", "/api/memories", { content: "x" })).body["code"]).toBe("auth.scope");
  });

  it("made by request work, and end with all tokens that they made when they are revoked", async () => {
    const { body: made } = await a<{ id: string; key: string }>("POST", "/api/keys", {
      name: "app",
      scopes: ["read", "write"],
    });
    const app = createApi({ key: made.key, fetch: (request) => local.fetch(request) });
    const token = await tokenFor({ userId: "u1" }, app);
    expect((await app("GET", `/api/memories/${own}`)).status).toBe(200);
    expect((await token("GET", `/api/memories/${own}`)).status).toBe(200);
    expect((await app("GET", "/api/keys")).body["code"]).toBe("auth.scope");
    expect((await a("DELETE", `/api/keys/${made.id}`)).status).toBe(200);
    for (const api of [app, token]) {
      expect(await api("GET", `/api/memories/${own}`)).toMatchObject({ status: 401, body: { code: "auth.invalid" } });
    }
  });
});
