/** The client against a fetch of the test's own: what it sends, what it sends again, and what it makes of answers. */

import type { toNewMemories } from "@nexus/protocol";
import { describe, expect, it, vi } from "vitest";
import { createClient, type ClientOptions, type Messages, NexusClientError, type NewMemory } from "./index.ts";

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

type Reply = Response | Error;

const json = (value: unknown, status = 200, headers: Record<string, string> = {}) =>
  Response.json(value, { status, headers });

const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  json(
    { code, status, detail: `[nexus] ${code}`, title: "t", errors: [], requestId: "r1", retryable: true },
    status,
    headers,
  );

const remembered = (consistency: string | null) => json({ results: [], consistency, projected: true }, 201);

/** A client whose calls get `replies` in turn, and a record of what it sent and how long it waited. */
function clientOf(replies: Reply[], options: Partial<ClientOptions> = {}) {
  const sent: Sent[] = [];
  const waits: number[] = [];
  let keys = 0;
  const nexus = createClient({
    url: "http://nexus.test/base/",
    key: "nx_test",
    ...options,
    runtime: {
      fetch: async (url, { method, headers, body }) => {
        const text = typeof body === "string" ? (JSON.parse(body) as unknown) : undefined;
        sent.push({ url, method: method ?? "GET", headers: headers as Record<string, string>, body: text });
        const reply = replies.shift() ?? new Error("the test has no more replies");
        if (reply instanceof Error) throw reply;
        return reply;
      },
      sleep: async (ms) => void waits.push(ms),
      random: () => 0.5,
      newKey: () => `key-${++keys}`,
      ...options.runtime,
    },
  });
  return { nexus, sent, waits };
}

/** The error that a call rejects with. */
async function failureOf(call: Promise<unknown>): Promise<NexusClientError> {
  const error = await call.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(NexusClientError);
  return error as NexusClientError;
}

describe("requests", () => {
  it("carry the key, JSON and an idempotency key, under the path of the base URL", async () => {
    const { nexus, sent } = clientOf([remembered(null)]);
    await nexus.remember({ userId: "ana", content: "hello" });
    expect(sent).toEqual([
      {
        url: "http://nexus.test/base/api/memories",
        method: "POST",
        headers: {
          accept: "application/json",
          authorization: "Bearer nx_test",
          "content-type": "application/json",
          "idempotency-key": "key-1",
        },
        body: { userId: "ana", content: "hello" },
      },
    ]);
  });

  it("send one, many and messages in the three forms of the API", async () => {
    const { nexus, sent } = clientOf([remembered(null), remembered(null), remembered(null)]);
    const one: NewMemory = { content: "one" };
    const talk: Messages = { userId: "u", messages: [{ role: "user", content: "hi" }] };
    await nexus.remember(one);
    await nexus.remember([one, { content: "two" }]);
    await nexus.remember(talk);
    expect(sent.map(({ body }) => body)).toEqual([one, { memories: [one, { content: "two" }] }, talk]);
    // What may be written is what the schemas of protocol give.
    ({ memories: [{ content: "x" } satisfies NewMemory] }) satisfies Parameters<typeof toNewMemories>[0];
  });

  it.each([
    ["rememberLater", (n) => n.rememberLater({ content: "x" }), "POST /api/memories", { content: "x", async: true }],
    ["process", (n) => n.process({ text: "x" }), "POST /api/process", { text: "x" }],
    ["search", (n) => n.search({ query: "x" }), "POST /api/search", { query: "x" }],
    ["get", (n) => n.get("a b"), "GET /api/memories/a%20b", undefined],
    ["list", (n) => n.list({ userId: "u" }), "POST /api/memories/query", { userId: "u" }],
    ["patch", (n) => n.patch("1", { content: "y" }), "PATCH /api/memories/1", { content: "y" }],
    ["forget", (n) => n.forget("1"), "DELETE /api/memories/1", undefined],
    ["forgetMany", (n) => n.forgetMany({ userId: "u" }), "DELETE /api/memories", { userId: "u" }],
    ["countMatching", (n) => n.countMatching({ userId: "u" }), "DELETE /api/memories", { userId: "u", dryRun: true }],
    ["history", (n) => n.history("1"), "GET /api/memories/1/history", undefined],
    ["job", (n) => n.job("1"), "GET /api/jobs/1", undefined],
    ["jobs", (n) => n.jobs({ limit: 5, cursor: "c" }), "GET /api/jobs?limit=5&cursor=c", undefined],
    ["health", (n) => n.health(), "GET /health", undefined],
    ["metrics", (n) => n.metrics(), "GET /metrics", undefined],
    ["openapi", (n) => n.openapi(), "GET /openapi.json", undefined],
  ] satisfies [string, (nexus: ReturnType<typeof createClient>) => Promise<unknown>, string, unknown][])(
    "%s calls its route",
    async (_name, call, route, body) => {
      const { nexus, sent } = clientOf([json({ consistency: null, job: {}, count: 3 })]);
      await call(nexus);
      expect(`${sent[0]?.method} ${sent[0]?.url.replace("http://nexus.test/base", "")}`).toBe(route);
      expect(sent[0]?.body).toEqual(body);
    },
  );

  it("name the version to change in If-Match", async () => {
    const { nexus, sent } = clientOf([json({ userId: "u", consistency: null })]);
    await nexus.patch("1", { speaker: null }, { ifVersion: 3 });
    expect(sent[0]?.headers["if-match"]).toBe('"3"');
  });

  it("follow the cursor over all pages", async () => {
    const { nexus, sent } = clientOf([json({ items: [1], nextCursor: "c1" }), json({ items: [2], nextCursor: null })]);
    const items: unknown[] = [];
    for await (const page of nexus.pages({ userId: "u", limit: 1 })) items.push(...page.items);
    expect(items).toEqual([1, 2]);
    expect(sent[1]?.body).toEqual({ userId: "u", limit: 1, cursor: "c1" });
  });
});

describe("retries", () => {
  it("repeat a read after a network error, 503 and 429, waiting with full jitter as long as retry-after asks", async () => {
    const { nexus, sent, waits } = clientOf([
      new TypeError("fetch failed"),
      problem(503, "overload.shed"),
      problem(429, "rate.limited", { "retry-after": "2" }),
      json({ items: [], nextCursor: null }),
    ]);
    await nexus.list();
    expect(sent).toHaveLength(4);
    expect(waits).toEqual([50, 100, 2_200]);
  });

  it("repeat a write under the same idempotency key", async () => {
    const { nexus, sent } = clientOf([new TypeError("fetch failed"), remembered(null)]);
    await nexus.remember({ content: "x" });
    expect(sent.map(({ headers }) => headers["idempotency-key"])).toEqual(["key-1", "key-1"]);
  });

  it("never repeat a write without an idempotency key", async () => {
    const { nexus, sent } = clientOf([problem(503, "overload.shed"), remembered(null)]);
    const error = await failureOf(nexus.remember({ content: "x" }, { idempotencyKey: null }));
    expect(error.code).toBe("overload.shed");
    expect(sent).toHaveLength(1);
  });

  it("give up after 3 of them, and at once when asked to wait longer than 30 s", async () => {
    const often = clientOf(Array.from({ length: 9 }, () => problem(503, "overload.shed")));
    await failureOf(often.nexus.get("1"));
    expect(often.sent).toHaveLength(4);
    const long = clientOf([problem(429, "rate.limited", { "retry-after": "31" })]);
    expect((await failureOf(long.nexus.get("1"))).retryAfterMs).toBe(31_000);
    expect(long.sent).toHaveLength(1);
  });

  it.each([400, 401, 404, 409, 412, 422, 500])("do not follow a %i", async (status) => {
    const { nexus, sent } = clientOf([problem(status, "some.code")]);
    await failureOf(nexus.get("1"));
    expect(sent).toHaveLength(1);
  });
});

describe("errors", () => {
  it("carry the fields of the problem", async () => {
    const errors = [{ path: "content", message: "is required" }];
    const body = {
      code: "body.invalid",
      status: 400,
      detail: "d",
      title: "t",
      errors,
      requestId: "r7",
      retryable: false,
    };
    const { nexus } = clientOf([json(body, 400)]);
    expect(await failureOf(nexus.get("1"))).toMatchObject({ ...body, message: "d", name: "NexusClientError" });
  });

  it("name the URL and the reason when nobody answers", async () => {
    const refused = new TypeError("fetch failed", {
      cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
    });
    const { nexus } = clientOf([refused], { retry: { retries: 0 } });
    const error = await failureOf(nexus.health());
    expect(error).toMatchObject({ code: "client.unreachable", status: 0, retryable: true, cause: refused });
    expect(error.detail).toBe("http://nexus.test/base cannot be reached (ECONNREFUSED); is the server running there?");
  });

  it("say so when the answer is not of this API", async () => {
    const { nexus } = clientOf([new Response("<html>", { status: 502 }), new Response("<html>")]);
    expect(await failureOf(nexus.get("1"))).toMatchObject({ code: "client.answer", status: 502 });
    expect(await failureOf(nexus.get("1"))).toMatchObject({ code: "client.answer" });
  });

  it("leave a server that is not ready an answer", async () => {
    const { nexus } = clientOf([json({ status: "draining", dependencies: {} }, 503)]);
    expect((await nexus.ready()).status).toBe("draining");
  });
});

describe("time", () => {
  const never = () => new Promise<never>(() => {});

  it("ends a call after timeoutMs, retries included, even when fetch does not listen", async () => {
    vi.useFakeTimers();
    try {
      const { nexus } = clientOf([], { runtime: { fetch: never } });
      const failure = failureOf(nexus.get("1", { timeoutMs: 1_000 }));
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await failure).toMatchObject({ code: "client.timeout", retryable: true });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("ends a call with the caller's own reason, before and during it", async () => {
    const { nexus, sent } = clientOf([], { runtime: { fetch: never } });
    const reason = new Error("changed my mind");
    await expect(nexus.get("1", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const call = nexus.get("1", { signal: controller.signal });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(sent).toHaveLength(0);
  });
});

describe("consistency", () => {
  const found = () => json({ results: [], consistency: null });

  it("sends a user's latest token with that user's reads, and the latest of all with reads of the tenant", async () => {
    const { nexus, sent } = clientOf([remembered("cv1.a"), remembered("cv1.b"), found(), found(), found()]);
    await nexus.remember({ userId: "ana", content: "x" });
    await nexus.remember([{ userId: "ben", content: "y" }]);
    await nexus.search({ userId: "ana", query: "q" });
    await nexus.search({ query: "q" });
    await nexus.process({ userId: "cleo", text: "q", remember: false });
    expect(sent.slice(2).map(({ body }) => (body as { consistency?: string }).consistency)).toEqual([
      "cv1.a",
      "cv1.b",
      undefined,
    ]);
  });

  it("lets the caller's own token win, and sends none when it is turned off", async () => {
    const own = clientOf([remembered("cv1.a"), found()]);
    await own.nexus.remember({ userId: "ana", content: "x" });
    await own.nexus.search({ userId: "ana", query: "q", consistency: "cv1.mine" });
    expect(own.sent[1]?.body).toMatchObject({ consistency: "cv1.mine" });
    const off = clientOf([remembered("cv1.a"), found()], { consistency: false });
    await off.nexus.remember({ userId: "ana", content: "x" });
    await off.nexus.search({ userId: "ana", query: "q" });
    expect(off.sent[1]?.body).toEqual({ userId: "ana", query: "q" });
  });

  it("drops a kept token that the server no longer takes, and reads again without it", async () => {
    const { nexus, sent } = clientOf([remembered("cv1.old"), problem(400, "consistency.invalid"), found(), found()]);
    await nexus.remember({ userId: "ana", content: "x" });
    await nexus.search({ userId: "ana", query: "q" });
    await nexus.search({ userId: "ana", query: "q" });
    expect(sent.slice(2).map(({ body }) => body)).toEqual([
      { userId: "ana", query: "q" },
      { userId: "ana", query: "q" },
    ]);
  });
});

describe("waitForJob", () => {
  const job = (status: string, error: unknown = null) =>
    json({ id: "j1", kind: "forget", status, progress: { done: 1, total: 2 }, result: null, error });

  it("asks until the job is done, less and less often, and reports each state", async () => {
    const { nexus, waits } = clientOf([job("queued"), job("running"), job("done")]);
    const seen: string[] = [];
    const done = await nexus.waitForJob("j1", { onProgress: ({ status }) => seen.push(status) });
    expect(done.status).toBe("done");
    expect(seen).toEqual(["queued", "running", "done"]);
    expect(waits).toEqual([50, 75]);
  });

  it("throws the code that the job failed with", async () => {
    const { nexus } = clientOf([job("failed", { code: "store.full", detail: "the disk is full" })]);
    expect(await failureOf(nexus.waitForJob("j1"))).toMatchObject({
      code: "store.full",
      detail: "job j1 (forget) failed: the disk is full",
    });
  });
});
