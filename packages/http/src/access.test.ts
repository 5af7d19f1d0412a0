import type { Job } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { createFixture, ID } from "./app-fixture.ts";
import { HTTP_DEFAULTS } from "./defaults.ts";

const as = (key: string) => ({ authorization: `Bearer ${key}` });
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

describe("keys", () => {
  it.each([
    [{ authorization: "Bearer read-key" }],
    [{ authorization: "bearer read-key" }],
    [{ authorization: "Token read-key" }],
    [{ authorization: "", "x-api-key": "read-key" }],
    [{ authorization: "Basic abc", "x-api-key": "read-key" }],
  ])("are read from %j", async (headers: Record<string, string>) => {
    const { send } = createFixture();
    expect((await send("GET", `/api/memories/${ID}`, undefined, headers)).status).toBe(200);
  });

  it("a missing key and an unknown one are 401 with a challenge", async () => {
    const { send } = createFixture();
    const missing = await send("GET", `/api/memories/${ID}`, undefined, { authorization: "" });
    expect([missing.status, missing.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="nexus"']);
    expect(await codeOf(missing)).toBe("auth.missing");
    expect(await codeOf(await send("GET", `/api/memories/${ID}`, undefined, as("nobody")))).toBe("auth.invalid");
  });
});

describe("scopes", () => {
  it.each([
    ["read-key", "POST", "/api/memories", { content: "a" }],
    ["read-key", "PATCH", `/api/memories/${ID}`, { content: "a" }],
    ["read-key", "DELETE", `/api/memories/${ID}`, undefined],
    ["read-key", "GET", `/api/jobs/${ID}`, undefined],
    ["read-key", "POST", "/api/process", { text: "a", userId: "u1" }],
    ["write-key", "POST", "/api/search", { query: "a" }],
    ["write-key", "POST", "/api/process", { text: "a" }],
    ["write-key", "POST", "/api/memories/query", { sessionId: "s1" }],
    ["write-key", "GET", "/api/memories", undefined],
    ["write-key", "DELETE", "/api/memories", { confirm: "all" }],
    ["write-key", "GET", "/metrics", undefined],
  ])("%s may not %s %s %j", async (key, method, path, body) => {
    const { send, calls } = createFixture();
    const response = await send(method, path, body, as(key));
    expect([response.status, await codeOf(response)]).toEqual([403, "auth.scope"]);
    expect(calls).toEqual([]);
  });

  it.each([
    ["read-key", "POST", "/api/search", { query: "a", userId: "u1" }, 200],
    ["read-key", "POST", "/api/process", { text: "a", userId: "u1", remember: false }, 200],
    ["read-key", "GET", "/api/memories?userId=u1", undefined, 200],
    ["write-key", "DELETE", "/api/memories?userId=u1", undefined, 202],
    ["admin-key", "POST", "/api/search", { query: "a" }, 200],
    ["admin-key", "DELETE", "/api/memories", { confirm: "all" }, 202],
    ["admin-key", "GET", "/metrics", undefined, 200],
  ])("%s may %s %s %j", async (key, method, path, body, status) => {
    expect((await createFixture().send(method, path, body, as(key))).status).toBe(status);
  });

  it.each([
    ["erase", {}],
    ["forget", { tenantWide: true }],
  ])("a write-key sees no %s job with %j, which takes an admin key to ask for", async (kind, payload) => {
    const at = new Date(0);
    const job = { id: ID, status: "done", attemptCount: 1, runAt: at, progress: { done: 1, total: 1 }, createdAt: at };
    const wide: Job = { ...job, kind, payload, status: "done" };
    const own: Job = { ...job, kind: "forget", payload: {}, status: "done" };
    const { send } = createFixture({
      service: {
        job: () => Promise.resolve(wide),
        jobs: () => Promise.resolve({ items: [wide, own], nextCursor: "next" }),
      },
    });
    const read = await send("GET", `/api/jobs/${ID}`, undefined, as("write-key"));
    expect([read.status, await codeOf(read)]).toEqual([403, "auth.scope"]);
    expect((await send("GET", `/api/jobs/${ID}`)).status).toBe(200);
    const listed = async (key: string) => {
      const { items, nextCursor } = (await (await send("GET", "/api/jobs", undefined, as(key))).json()) as {
        items: object[];
        nextCursor: string;
      };
      return [items.length, nextCursor];
    };
    expect([await listed("write-key"), await listed("admin-key")]).toEqual([
      [1, "next"],
      [2, "next"],
    ]);
  });

  it("the tenant is the key's, whatever the request says", async () => {
    const { send, calls } = createFixture();
    await send("POST", "/api/search", { query: "a", userId: "u1" }, { ...as("read-key"), "x-tenant": "t2" });
    expect(calls[0]?.args[0]).toMatchObject({ tenant: "t1", origin: "key" });
  });

  it("metrics need no key where the server is open to its own machine only", async () => {
    const { send } = createFixture({ deps: { settings: { ...HTTP_DEFAULTS, metricsOpen: true } } });
    expect((await send("GET", "/metrics", undefined, { authorization: "" })).status).toBe(200);
  });
});

describe("rate limits", () => {
  const settings = { ...HTTP_DEFAULTS, authFailuresPerMinutePerIp: 3 };

  it("after 3 failed keys an address is refused, with a good key too, until the minute ends", async () => {
    const { send, time } = createFixture({ deps: { settings } });
    time.now += 20_000;
    for (const key of ["a", "b", "c"]) {
      expect((await send("GET", `/api/memories/${ID}`, undefined, as(key))).status).toBe(401);
    }
    const refused = await send("GET", `/api/memories/${ID}`, undefined, as("read-key"));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "40"]);
    expect(await codeOf(refused)).toBe("rate.limited");
    const elsewhere = { ...as("read-key"), "x-test-ip": "192.0.2.2" };
    expect((await send("GET", `/api/memories/${ID}`, undefined, elsewhere)).status).toBe(200);
    time.now += 40_000;
    expect((await send("GET", `/api/memories/${ID}`, undefined, as("read-key"))).status).toBe(200);
  });

  it("good keys never count against their address", async () => {
    const { send } = createFixture({ deps: { settings } });
    for (let i = 0; i < 10; i++) {
      expect((await send("GET", `/api/memories/${ID}`, undefined, as("read-key"))).status).toBe(200);
    }
  });

  it("a key of 2 requests a minute is refused the third, and served in the next minute", async () => {
    const { send, time } = createFixture();
    const ask = async () => (await send("GET", `/api/memories/${ID}`, undefined, as("slow-key"))).status;
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
    time.now += 60_000;
    expect(await ask()).toBe(200);
  });
});

describe("shutting down", () => {
  it("new work is refused with 503 and retry-after, health goes on, readiness does not", async () => {
    const { send } = createFixture({ deps: { draining: () => true } });
    const refused = await send("POST", "/api/search", { query: "a" });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await codeOf(refused)).toBe("overload.shed");
    expect((await send("GET", "/health")).status).toBe(200);
    const ready = await send("GET", "/health/ready");
    expect([ready.status, ((await ready.json()) as { status: string }).status]).toEqual([503, "draining"]);
  });
});
