import { describe, expect, it } from "vitest";
import { createFixture, ID } from "./app-fixture.ts";

const key = (name: string) => ({ authorization: `Bearer ${name}` });

describe("POST /api/feedback", () => {
  it("answers 201 with the id and a token, and hands on who rates what", async () => {
    const { send, calls } = createFixture();
    const response = await send(
      "POST",
      "/api/feedback",
      { queryId: "q1.x", memoryId: ID.toUpperCase(), rating: 4, comment: "good" },
      { "idempotency-key": "k", ...key("write-key") },
    );
    expect([response.status, await response.json()]).toEqual([201, { id: ID, consistency: "cv1.token" }]);
    const [writer, request] = calls.find(({ method }) => method === "rate")?.args ?? [];
    expect(writer).toMatchObject({ keyId: "k-write", idempotency: { key: "k", route: "POST /api/feedback" } });
    expect(request).toEqual({ queryId: "q1.x", memoryId: ID, rating: 0.5, comment: "good", subject: undefined });
  });

  it.each([
    [{ queryId: "q", rating: 6 }, 400, "body.invalid"],
    [{ queryId: "q", rating: "up", thumbs: 1 }, 400, "body.unknown_field"],
  ])("%j is refused", async (body, status, code) => {
    const response = await createFixture().send("POST", "/api/feedback", body);
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })]);
  });

  it("needs the scope write", async () => {
    const response = await createFixture().send("POST", "/api/feedback", { queryId: "q", rating: 1 }, key("read-key"));
    expect([response.status, await response.json()]).toEqual([403, expect.objectContaining({ code: "auth.scope" })]);
  });
});

describe.each(["patterns", "trends"] as const)("GET /api/%s", (name) => {
  it("is confined to the user that it names; without one it needs an admin key", async () => {
    const { send, calls } = createFixture();
    const own = await send("GET", `/api/${name}?userId=u1&limit=3`, undefined, key("read-key"));
    expect([own.status, await own.json()]).toEqual([200, { items: [] }]);
    expect(calls.find(({ method }) => method === name)?.args[1]).toMatchObject({ userId: "u1", limit: 3 });
    expect((await send("GET", `/api/${name}`, undefined, key("read-key"))).status).toBe(403);
    expect((await send("GET", `/api/${name}`)).status).toBe(200);
  });

  it("refuses parameters that it does not know", async () => {
    const response = await createFixture().send("GET", `/api/${name}?userId=u1&colour=red`);
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ code: "body.unknown_field" }),
    ]);
  });
});
