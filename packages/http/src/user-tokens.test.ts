/** User tokens: what they are given for, and what they are confined to. */

import { describe, expect, it } from "vitest";
import { createFixture, ID, NOW, storedMemory } from "./app-fixture.ts";
import { HTTP_DEFAULTS } from "./defaults.ts";

const as = (credential: string) => ({ authorization: `Bearer ${credential}` });
const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];

type Fixture = ReturnType<typeof createFixture>;

async function tokenOf({ send }: Fixture, body: Record<string, unknown> = {}): Promise<Record<string, string>> {
  const response = await send("POST", "/api/tokens", { userId: "u1", scopes: ["read", "write"], ...body });
  expect(response.status).toBe(201);
  return as(((await response.json()) as { token: string }).token);
}

describe("POST /api/tokens", () => {
  it("gives a token that ends after ttlSeconds, 900 if left out", async () => {
    const { send } = createFixture();
    const ask = async (body: object) =>
      (await (await send("POST", "/api/tokens", { userId: "u1", scopes: ["read"], ...body })).json()) as object;
    expect(await ask({})).toEqual({
      token: expect.stringMatching(/^ut1\.[\w-]+$/) as string,
      expiresAt: new Date(NOW + 900_000).toISOString(),
    });
    expect(await ask({ ttlSeconds: 3_600 })).toMatchObject({ expiresAt: new Date(NOW + 3_600_000).toISOString() });
  });

  it("ends with the key that asked for it, and then says that it has expired", async () => {
    const fixture = createFixture();
    const expiresAt = new Date(NOW + 90_000).toISOString();
    const made = await fixture.send("POST", "/api/keys", { name: "short", scopes: ["read"], expiresAt });
    const { key } = (await made.json()) as { key: string };
    const ask = async (ttlSeconds: number) => {
      const response = await fixture.send(
        "POST",
        "/api/tokens",
        { userId: "u1", scopes: ["read"], ttlSeconds },
        as(key),
      );
      return (await response.json()) as { token: string; expiresAt: string };
    };
    expect(await ask(60)).toMatchObject({ expiresAt: new Date(NOW + 60_000).toISOString() });
    const long = await ask(900);
    expect(long).toMatchObject({ expiresAt });
    fixture.time.now += 90_000;
    expect(await codeOf(await fixture.send("POST", "/api/search", { query: "x" }, as(long.token)))).toEqual([
      401,
      "auth.expired",
    ]);
  });

  it.each([
    [{ userId: "u1", scopes: ["read"], ttlSeconds: 3_601 }, "body.invalid"],
    [{ userId: "u1", scopes: ["read"], ttlSeconds: 0 }, "body.invalid"],
    [{ userId: "_", scopes: ["read"] }, "body.invalid"],
    [{ scopes: ["read"] }, "body.invalid"],
    [{ userId: "u1", scopes: [] }, "body.invalid"],
    [{ userId: "u1" }, "body.invalid"],
    [{ userId: "u1", scopes: ["admin"] }, "body.invalid"],
    [{ userId: "u1", scopes: ["read"], tenant: "t2" }, "body.unknown_field"],
  ])("refuses %j with %s", async (body, code) => {
    expect(await codeOf(await createFixture().send("POST", "/api/tokens", body))).toEqual([400, code]);
  });

  it("gives no scope that the key lacks, and nothing to a user token", async () => {
    const fixture = createFixture();
    const wish = { userId: "u1", scopes: ["read", "write"] };
    expect(await codeOf(await fixture.send("POST", "/api/tokens", wish, as("read-key")))).toEqual([403, "auth.scope"]);
    expect((await fixture.send("POST", "/api/tokens", wish, as("write-key"))).status).toBe(201);
    const token = await tokenOf(fixture);
    expect(await codeOf(await fixture.send("POST", "/api/tokens", wish, token))).toEqual([403, "auth.scope"]);
  });
});

describe("a user token", () => {
  it("is refused as expired after its end, in words that tell it from an unknown one", async () => {
    const fixture = createFixture();
    const token = await tokenOf(fixture, { ttlSeconds: 60 });
    const ask = () => fixture.send("POST", "/api/search", { query: "x" }, token);
    expect((await ask()).status).toBe(200);
    fixture.time.now += 60_000;
    expect(await codeOf(await ask())).toEqual([401, "auth.expired"]);
    expect(await codeOf(await fixture.send("POST", "/api/search", { query: "x" }, as("ut1.x")))).toEqual([
      401,
      "auth.invalid",
    ]);
  });

  it("implies user, agent and session wherever they are left out", async () => {
    const fixture = createFixture();
    const whole = { agentId: "a1", sessionId: "s1" };
    const token = await tokenOf(fixture, whole);
    const subject = { userId: "u1", ...whole };
    await fixture.send("POST", "/api/search", { query: "x" }, token);
    await fixture.send("POST", "/api/process", { text: "x", userId: null }, token);
    await fixture.send("POST", "/api/memories", { content: "x" }, token);
    await fixture.send(
      "POST",
      "/api/memories",
      { memories: [{ content: "x" }, { content: "y", userId: "u1" }] },
      token,
    );
    await fixture.send("POST", "/api/memories", { messages: [{ role: "user", content: "x" }] }, token);
    await fixture.send("POST", "/api/memories/query", {}, token);
    await fixture.send("GET", "/api/memories", undefined, token);
    const [search, process, one, many, messages, query, list] = fixture.calls
      .filter(({ method }) => method !== "token")
      .map(({ args }) => args[1]);
    expect(search).toMatchObject(subject);
    expect(process).toMatchObject(subject);
    expect(process).toMatchObject({ within: subject });
    for (const written of [one, many, messages]) {
      for (const memory of written as object[]) expect(memory).toMatchObject(subject);
    }
    const agent = { field: "agentId", operator: "eq", value: "a1" };
    for (const listed of [query, list]) expect(listed).toMatchObject({ userId: "u1", sessionId: "s1", filter: agent });
  });

  it.each([
    ["POST", "/api/search", { query: "x", userId: "u2" }],
    ["POST", "/api/search", { query: "x", sessionId: "s2" }],
    ["POST", "/api/process", { text: "x", agentId: "a2" }],
    ["POST", "/api/memories", { content: "x", userId: "u2" }],
    ["POST", "/api/memories", { memories: [{ content: "x" }, { content: "y", userId: "u2" }] }],
    ["POST", "/api/memories", { userId: "u2", messages: [{ role: "user", content: "x" }] }],
    ["POST", "/api/memories/query", { userId: "u2" }],
    ["GET", "/api/memories?userId=u2", undefined],
    ["DELETE", "/api/memories", { userId: "u2" }],
    ["DELETE", "/api/memories?userId=u2", undefined],
  ])("is 403 auth.user_mismatch for %s %s %j, and nothing is called", async (method, path, body) => {
    const fixture = createFixture();
    const token = await tokenOf(fixture, { agentId: "a1", sessionId: "s1" });
    expect(await codeOf(await fixture.send(method, path, body, token))).toEqual([403, "auth.user_mismatch"]);
    expect(fixture.calls).toEqual([]);
  });

  it.each([
    ["user", { userId: "u2" }],
    ["session", { sessionId: "s2" }],
    ["agent", { agentId: undefined }],
  ])("cannot tell a memory of another %s from one that is not there", async (_what, other) => {
    const stored = { ...storedMemory, agentId: "a1", sessionId: "s1", ...other };
    const fixture = createFixture({ service: { get: () => Promise.resolve(stored) } });
    const token = await tokenOf(fixture, { agentId: "a1", sessionId: "s1" });
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["GET", "/history", undefined],
      ["PATCH", "", { content: "mine" }],
      ["DELETE", "", undefined],
      ["POST", "/invalidate", { reason: "x" }],
      ["POST", "/merges/undo", undefined],
    ] as const) {
      const response = await fixture.send(method, `/api/memories/${ID}${path}`, body, token);
      expect([method, ...(await codeOf(response))]).toEqual([method, 404, "memory.not_found"]);
    }
    expect(new Set(fixture.calls.map(({ method }) => method))).toEqual(new Set(["get"]));
  });

  it("never carries admin: routes of the tenant and of keys are closed", async () => {
    const fixture = createFixture();
    const token = await tokenOf(fixture);
    for (const [method, path, body] of [
      ["GET", "/api/keys", undefined],
      ["POST", "/api/keys", { name: "x", scopes: ["read"] }],
      ["GET", "/api/jobs", undefined],
      ["GET", "/metrics", undefined],
      ["DELETE", "/api/memories", { confirm: "all", userId: "u2" }],
    ] as const) {
      expect((await fixture.send(method, path, body, token)).status).toBe(403);
    }
    expect(fixture.calls).toEqual([]);
  });

  it("sees the job that it asked for, and no other", async () => {
    const mine = createFixture();
    const token = await tokenOf(mine);
    await mine.send("POST", "/api/memories", { content: "x", async: true }, token);
    const { keyId } = mine.calls[0]!.args[0] as { keyId: string };
    const job = { ...(await jobOf(mine)), payload: { keyId } };
    const asked = createFixture({ service: { job: () => Promise.resolve(job) } });
    expect((await asked.send("GET", `/api/jobs/${ID}`, undefined, await tokenOf(asked))).status).toBe(200);
    const other = await tokenOf(asked, { userId: "u2" });
    expect(await codeOf(await asked.send("GET", `/api/jobs/${ID}`, undefined, other))).toEqual([404, "job.not_found"]);
  });

  it("shares one rate with all tokens of its user", async () => {
    const fixture = createFixture({ deps: { settings: { ...HTTP_DEFAULTS, keyRatePerMinute: 5 } } });
    const [first, second] = [await tokenOf(fixture), await tokenOf(fixture, { ttlSeconds: 60 })];
    const other = await tokenOf(fixture, { userId: "u2" });
    const ask = async (token: Record<string, string>) =>
      (await fixture.send("POST", "/api/search", { query: "x" }, token)).status;
    for (let i = 0; i < 300; i++) expect([await ask(first), await ask(second)]).toEqual([200, 200]);
    expect([await ask(first), await ask(second), await ask(other)]).toEqual([429, 429, 200]);
  });
});

async function jobOf({ app }: Fixture) {
  const answer = await app.request(`/api/jobs/${ID}`, { headers: as("admin-key") });
  const { id, kind } = (await answer.json()) as { id: string; kind: string };
  const at = new Date(NOW);
  return {
    id,
    kind,
    status: "queued",
    attemptCount: 0,
    runAt: at,
    progress: { done: 0, total: 1 },
    createdAt: at,
  } as const;
}
