/** Pages of other origins. */

import { describe, expect, it } from "vitest";
import { createFixture, ID } from "./app-fixture.ts";
import { parseCorsOrigins } from "./cors-origins.ts";
import { HTTP_DEFAULTS } from "./defaults.ts";

const APP = "https://app.example.com";
const OTHERS = "https://only-t2.example";
const corsOrigins = parseCorsOrigins(`${APP}, t1=https://t1.example:8443,t2=${OTHERS}`);
const fixtureOf = () => createFixture({ deps: { settings: { ...HTTP_DEFAULTS, corsOrigins } } });
const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];
const allowed = (response: Response) => response.headers.get("access-control-allow-origin");

async function tokenOf({ send }: ReturnType<typeof fixtureOf>): Promise<string> {
  const response = await send("POST", "/api/tokens", { userId: "u1", scopes: ["read"] });
  return `Bearer ${((await response.json()) as { token: string }).token}`;
}

const preflight = (origin: string) => ({
  authorization: "",
  origin,
  "access-control-request-method": "POST",
  "access-control-request-headers": "authorization,content-type",
});

describe("a preflight", () => {
  it.each([APP, "https://t1.example:8443", OTHERS])(
    "of %s, which some tenant lists, is answered without a key",
    async (origin) => {
      const response = await fixtureOf().send("OPTIONS", "/api/search", undefined, preflight(origin));
      expect([response.status, await response.text(), allowed(response)]).toEqual([204, "", origin]);
      expect(response.headers.get("access-control-allow-methods")).toContain("PATCH");
      expect(response.headers.get("access-control-allow-headers")).toContain("authorization");
      expect(response.headers.get("access-control-allow-credentials")).toBeNull();
      expect(response.headers.get("vary")).toContain("origin");
    },
  );

  it.each(["https://evil.example", "http://app.example.com", "https://app.example.com.evil.example", "null"])(
    "of %s is 403 auth.origin, without a header that would let the page go on",
    async (origin) => {
      const response = await fixtureOf().send("OPTIONS", "/api/search", undefined, preflight(origin));
      expect([allowed(response), ...(await codeOf(response))]).toEqual([null, 403, "auth.origin"]);
    },
  );

  it("is no plain OPTIONS, which says what a route takes as before", async () => {
    const response = await fixtureOf().send("OPTIONS", "/api/search", undefined, { origin: APP });
    expect([response.status, response.headers.get("allow")]).toEqual([204, "POST, OPTIONS"]);
  });
});

describe("a page", () => {
  const ask = (fixture: ReturnType<typeof fixtureOf>, authorization: string, origin: string, more = {}) =>
    fixture.send("POST", "/api/search", { query: "x" }, { authorization, origin, ...more });

  it.each([APP, "https://t1.example:8443"])("of %s may call with a user token, and read the answer", async (origin) => {
    const fixture = fixtureOf();
    const response = await ask(fixture, await tokenOf(fixture), origin);
    expect([response.status, allowed(response)]).toEqual([200, origin]);
    expect(response.headers.get("access-control-expose-headers")).toContain("x-request-id");
    expect(response.headers.get("vary")).toBe("accept-encoding, origin");
  });

  it("of another tenant's list is 403 auth.origin, and nothing is done", async () => {
    const fixture = fixtureOf();
    const response = await ask(fixture, await tokenOf(fixture), OTHERS);
    expect(await codeOf(response)).toEqual([403, "auth.origin"]);
    expect(fixture.calls).toEqual([]);
  });

  it("of no list is refused before its credential is looked at", async () => {
    const fixture = fixtureOf();
    for (const authorization of [await tokenOf(fixture), "Bearer admin-key", "Bearer nobody", ""]) {
      const response = await ask(fixture, authorization, "https://evil.example");
      expect([allowed(response), ...(await codeOf(response))]).toEqual([null, 403, "auth.origin"]);
    }
    expect(fixture.calls).toEqual([]);
  });

  it("may not use an API key, even of a listed origin", async () => {
    expect(await codeOf(await ask(fixtureOf(), "Bearer admin-key", APP))).toEqual([403, "auth.origin"]);
  });

  it("can read why it was refused: an expired token says so", async () => {
    const fixture = fixtureOf();
    const token = await tokenOf(fixture);
    fixture.time.now += 3_600_000;
    const response = await ask(fixture, token, APP);
    expect([allowed(response), ...(await codeOf(response))]).toEqual([APP, 401, "auth.expired"]);
  });

  it("of the server itself may call with a key, as may what is no page", async () => {
    const fixture = fixtureOf();
    expect((await ask(fixture, "Bearer admin-key", "http://localhost")).status).toBe(200);
    const proxied = { "sec-fetch-site": "same-origin" };
    expect((await ask(fixture, "Bearer admin-key", "https://public.example", proxied)).status).toBe(200);
    const plain = await fixture.send("GET", `/api/memories/${ID}`);
    expect([plain.status, allowed(plain)]).toEqual([200, null]);
  });

  it("gets no answer from a cache that was given to somebody else: all vary by origin where origins are listed", async () => {
    const vary = async (fixture: ReturnType<typeof createFixture>, headers: Record<string, string>) =>
      (await fixture.send("GET", "/openapi.json", undefined, headers)).headers.get("vary");
    for (const headers of [{}, { origin: APP }, { origin: "https://evil.example" }]) {
      expect(await vary(fixtureOf(), headers)).toBe("accept-encoding, origin");
    }
    expect(await vary(createFixture(), {})).toBe("accept-encoding");
  });
});

describe("NEXUS_CORS_ORIGINS", () => {
  it("is empty unless given, and names tenants before =", () => {
    expect(parseCorsOrigins(undefined)).toEqual([]);
    expect(parseCorsOrigins(" a.b-1=http://localhost:3000 ,capacitor://localhost")).toEqual([
      { origin: "http://localhost:3000", tenant: "a.b-1" },
      { origin: "capacitor://localhost" },
    ]);
  });

  it.each([
    "*",
    "app.example.com",
    "https://app.example.com/",
    "https://App.example.com",
    "https://a.example:443",
    "null",
    "=https://a.example",
    "_=https://a.example",
    "https://u@a.example",
  ])("refuses %j by its position", (text) => {
    expect(() => parseCorsOrigins(`https://fine.example,${text}`)).toThrow("NEXUS_CORS_ORIGINS.1 must be an origin");
  });
});
