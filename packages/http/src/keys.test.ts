/** Keys made by request: shown once, listed without secrets, revoked. */

import { describe, expect, it } from "vitest";
import { createFixture, ID, NOW } from "./app-fixture.ts";

const as = (key: string) => ({ authorization: `Bearer ${key}` });
const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];

interface KeyAnswer {
  readonly id: string;
  readonly key: string;
  readonly readOnly: boolean;
}

const request = { name: "backend", scopes: ["read"], ratePerMinute: 5 };

async function made({ send }: ReturnType<typeof createFixture>, body: object = request): Promise<KeyAnswer> {
  const response = await send("POST", "/api/keys", body);
  expect(response.status).toBe(201);
  const answer = (await response.json()) as KeyAnswer;
  expect(response.headers.get("location")).toBe(`/api/keys/${answer.id}`);
  return answer;
}

describe("a key", () => {
  it("works from its answer on with its scopes and rate, and is shown there alone", async () => {
    const fixture = createFixture();
    const { id, key, ...rest } = await made(fixture);
    expect(rest).toEqual({
      name: "backend",
      scopes: ["read"],
      ratePerMinute: 5,
      createdAt: new Date(NOW).toISOString(),
      expiresAt: null,
      revokedAt: null,
      readOnly: false,
    });
    const get = async () => (await fixture.send("GET", `/api/memories/${ID}`, undefined, as(key))).status;
    expect([await get(), await get(), await get(), await get(), await get(), await get()]).toEqual([
      200, 200, 200, 200, 200, 429,
    ]);
    fixture.time.now += 60_000;
    const write = await fixture.send("POST", "/api/memories", { content: "x" }, as(key));
    expect(await codeOf(write)).toEqual([403, "auth.scope"]);
    const texts = [
      await (await fixture.send("GET", "/api/keys")).text(),
      await (await fixture.send("GET", `/api/keys/${id}`)).text(),
      JSON.stringify(fixture.logs),
    ];
    for (const text of texts) expect(text).not.toContain(key.split("_")[3]);
    expect(texts[0]).toContain(id);
  });

  it("stops at once when it is revoked, and stays in the list with the time", async () => {
    const fixture = createFixture();
    const { id, key } = await made(fixture);
    expect((await fixture.send("DELETE", `/api/keys/${id}`)).status).toBe(200);
    const refused = await fixture.send("GET", `/api/memories/${ID}`, undefined, as(key));
    expect(await codeOf(refused)).toEqual([401, "auth.invalid"]);
    const kept = await fixture.send("GET", `/api/keys/${id}`);
    expect(await kept.json()).toMatchObject({ revokedAt: new Date(NOW).toISOString() });
  });

  it("has the server's own rate if none is named", async () => {
    expect(await made(createFixture(), { name: "x", scopes: ["admin"] })).toMatchObject({ ratePerMinute: 60_000 });
  });

  it.each([
    [{ ...request, name: "" }, "body.invalid"],
    [{ ...request, name: "a\nb" }, "body.invalid"],
    [{ ...request, scopes: [] }, "body.invalid"],
    [{ ...request, scopes: ["fly"] }, "body.invalid"],
    [{ ...request, ratePerMinute: 60_001 }, "body.invalid"],
    [{ ...request, ratePerMinute: 0 }, "body.invalid"],
    [{ ...request, expiresAt: "2026-05-01T09:59:59Z" }, "body.invalid"],
    [{ ...request, expiresAt: "soon" }, "body.invalid"],
    [{ ...request, tenant: "t2" }, "body.unknown_field"],
  ])("%j is refused with %s", async (body, code) => {
    expect(await codeOf(await createFixture().send("POST", "/api/keys", body))).toEqual([400, code]);
  });

  it("of the configuration is listed as read-only and cannot be revoked", async () => {
    const fixture = createFixture();
    const { items } = (await (await fixture.send("GET", "/api/keys")).json()) as { items: KeyAnswer[] };
    expect(items.length).toBeGreaterThan(0);
    expect(items.every(({ readOnly }) => readOnly)).toBe(true);
    expect(await codeOf(await fixture.send("DELETE", `/api/keys/${items[0]?.id}`))).toEqual([403, "auth.scope"]);
  });

  it("that is not there is 404, and a page begins behind its cursor", async () => {
    const fixture = createFixture();
    expect(await codeOf(await fixture.send("GET", "/api/keys/0000000000000000"))).toEqual([404, "key.not_found"]);
    expect(await codeOf(await fixture.send("DELETE", "/api/keys/nothing"))).toEqual([404, "key.not_found"]);
    expect(await codeOf(await fixture.send("GET", "/api/keys?cursor=x"))).toEqual([400, "body.invalid"]);
    const ids = [(await made(fixture)).id, (await made(fixture)).id].toSorted();
    const first = (await (await fixture.send("GET", "/api/keys?limit=1")).json()) as {
      items: KeyAnswer[];
      nextCursor: string;
    };
    expect(first.nextCursor).toBe(ids[0]);
    const second = await fixture.send("GET", `/api/keys?limit=1&cursor=${first.nextCursor}`);
    expect(await second.json()).toMatchObject({ items: [{ id: ids[1] }] });
  });

  it.each(["read-key", "write-key"])("is nothing that %s may make, see or revoke", async (key) => {
    const { send } = createFixture();
    for (const [method, path, body] of [
      ["GET", "/api/keys", undefined],
      ["POST", "/api/keys", request],
      ["GET", "/api/keys/0000000000000000", undefined],
      ["DELETE", "/api/keys/0000000000000000", undefined],
    ] as const) {
      expect(await codeOf(await send(method, path, body, as(key)))).toEqual([403, "auth.scope"]);
    }
  });
});
