/** What a route does not read is refused by name: a misplaced userId would otherwise widen a request to the whole tenant. */

import { describe, expect, it } from "vitest";
import { createFixture, ID } from "./app-fixture.ts";

interface Refusal {
  readonly code: string;
  readonly errors: readonly { readonly path: string }[];
}

describe("a query string that the route does not read", () => {
  it.each([
    ["POST", "/api/export", undefined],
    ["POST", "/api/export", {}],
    ["POST", "/api/memories/query", {}],
    ["POST", "/api/search", { query: "x" }],
    ["POST", "/api/process", { text: "x" }],
    ["POST", "/api/context", { query: "x" }],
    ["POST", "/api/memories", { content: "x" }],
    ["POST", "/api/keys", { name: "x", scopes: ["read"] }],
    ["POST", `/api/memories/${ID}/merges/undo`, undefined],
    ["PATCH", `/api/memories/${ID}`, { content: "x" }],
    ["DELETE", `/api/memories/${ID}`, undefined],
    ["DELETE", "/api/users/u1", undefined],
  ])("is refused by %s %s with %j, and nothing is called", async (method, path, body) => {
    const { calls, send } = createFixture();
    const response = await send(method, `${path}?userId=u1`, body);
    const { code, errors } = (await response.json()) as Refusal;
    expect([response.status, code, errors[0]?.path]).toEqual([400, "body.unknown_field", "userId"]);
    expect(calls).toEqual([]);
  });

  it("is told to callers of the route alone", async () => {
    const { send } = createFixture();
    const ask = async (authorization: string) =>
      (await send("POST", "/api/export?userId=u1", undefined, { authorization })).status;
    expect([await ask(""), await ask("Bearer read-key")]).toEqual([401, 403]);
  });

  it("is none where only its mark is there", async () => {
    expect((await createFixture().send("POST", "/api/search?", { query: "x" })).status).toBe(200);
  });

  it("is read where one is due", async () => {
    const { calls, send } = createFixture();
    const lines = { "content-type": "application/x-ndjson" };
    expect((await send("POST", "/api/import?userId=u1", '{"content":"a"}\n', lines)).status).toBe(200);
    expect((await send("DELETE", "/api/memories?userId=u1")).status).toBe(202);
    expect(calls.map(({ method }) => method)).toEqual(["importItems", "forgetMany"]);
  });
});

describe("a body that the route does not read", () => {
  const routes = [
    ["DELETE", "/api/users/u1", 202],
    ["DELETE", `/api/memories/${ID}`, 200],
    ["POST", `/api/memories/${ID}/merges/undo`, 200],
  ] as const;

  it.each(routes)("is refused by %s %s, and nothing is called", async (method, path) => {
    const { calls, send } = createFixture();
    const response = await send(method, path, { dryRun: true });
    const { code, errors } = (await response.json()) as Refusal;
    expect([response.status, code, errors[0]?.path]).toEqual([400, "body.unknown_field", "dryRun"]);
    for (const [body, refusal] of [
      ["[]", "body.invalid"],
      ["{", "body.malformed"],
      ['"dryRun"', "body.invalid"],
    ] as const) {
      const other = await send(method, path, body);
      expect([other.status, ((await other.json()) as Refusal).code]).toEqual([400, refusal]);
    }
    expect(calls).toEqual([]);
  });

  it("is refused for a key too", async () => {
    expect((await createFixture().send("DELETE", "/api/keys/none", { dryRun: true })).status).toBe(400);
  });

  it.each(routes)("may be empty for %s %s", async (method, path, status) => {
    const { send } = createFixture();
    const json = { "content-type": "application/json" };
    expect((await send(method, path, undefined, json)).status).toBe(status);
    expect((await send(method, path, {})).status).toBe(status);
  });
});
