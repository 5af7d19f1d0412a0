/** DELETE /api/users/{userId}: who may erase whom, and how the job is answered. */

import { describe, expect, it } from "vitest";
import { createFixture, ID } from "./app-fixture.ts";

const as = (key: string) => ({ authorization: `Bearer ${key}` });
const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];

describe("DELETE /api/users/{userId}", () => {
  it.each(["u1", "ana@example.org", "ä b/c%", "x".repeat(200)])("is a job that erases %j", async (userId) => {
    const { calls, send } = createFixture();
    const response = await send("DELETE", `/api/users/${encodeURIComponent(userId)}`);
    expect(response.status).toBe(202);
    expect(response.headers.get("location")).toBe(`/api/jobs/${ID}`);
    expect(await response.json()).toMatchObject({ job: { id: ID, kind: "erase", status: "queued", result: null } });
    expect(calls).toMatchObject([{ method: "eraseUser", args: [{ keyId: "k-admin" }, userId] }]);
  });

  it("takes an Idempotency-Key, and no condition", async () => {
    const { calls, send } = createFixture();
    await send("DELETE", "/api/users/u1", undefined, { "idempotency-key": "k" });
    expect(calls[0]?.args[0]).toMatchObject({ idempotency: { key: "k" } });
    expect(await codeOf(await send("DELETE", "/api/users/u1", undefined, { "if-match": '"1"' }))).toEqual([
      400,
      "body.invalid",
    ]);
  });

  it.each([
    ["/api/users/_", "body.invalid"],
    ["/api/users/%ff", "body.encoding"],
    ["/api/users/%C3%28", "body.encoding"],
    ["/api/users/100%", "body.encoding"],
    [`/api/users/${"x".repeat(300)}`, "body.invalid"],
    ["/api/users/a%0Ab", "body.invalid"],
    ["/api/users/u1?userId=u2", "body.unknown_field"],
    ["/api/users/u1?confirm=all", "body.unknown_field"],
  ])("refuses %s with %s", async (path, code) => {
    const { calls, send } = createFixture();
    expect(await codeOf(await send("DELETE", path))).toEqual([400, code]);
    expect(calls).toEqual([]);
  });

  it("needs an admin key, and takes no user token", async () => {
    const { calls, send } = createFixture();
    for (const key of ["read-key", "write-key"])
      expect(await codeOf(await send("DELETE", "/api/users/u1", undefined, as(key)))).toEqual([403, "auth.scope"]);
    const made = await send("POST", "/api/tokens", { userId: "u1", scopes: ["write"] });
    const { token } = (await made.json()) as { token: string };
    expect(await codeOf(await send("DELETE", "/api/users/u1", undefined, as(token)))).toEqual([403, "auth.scope"]);
    expect(calls).toEqual([]);
  });

  it("knows no other method, and no user without a name", async () => {
    const { send } = createFixture();
    expect(await codeOf(await send("GET", "/api/users/u1"))).toEqual([405, "route.method"]);
    expect(await codeOf(await send("DELETE", "/api/users/"))).toEqual([404, "route.not_found"]);
  });
});
