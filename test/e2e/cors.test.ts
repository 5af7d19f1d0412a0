/** Pages of other origins, as an operator lists them: what a browser would be told, and what it would be kept from. */

import { describe, expect, it } from "vitest";
import { createApi } from "../support/api.ts";
import { openApp } from "../support/local-app.ts";
import { TEST_KEY } from "../support/server.ts";

const EVERYONE = "https://app.example.com";
const ONLY_B = "https://b.example";
const { a, b, local } = await openApp("cors", { NEXUS_CORS_ORIGINS: `${EVERYONE}, b=${ONLY_B}` });
const fetch = (request: Request): Promise<Response> => local.fetch(request);

const pageOf = async (api: typeof a) => {
  const { body } = await api<{ token: string }>("POST", "/api/tokens", { userId: "u1", scopes: ["read", "write"] });
  const page = createApi({ key: body.token, fetch });
  return (origin: string) => page("POST", "/api/process", { text: "I keep bees." }, { origin });
};
const [pageOfA, pageOfB] = [await pageOf(a), await pageOf(b)];
const readable = ({ headers }: { headers: Headers }) => headers.get("access-control-allow-origin");
const memories = async () =>
  (await a<{ count: number }>("DELETE", "/api/memories", { userId: "u1", dryRun: true })).body.count;

/** As browsers ask before a request with a token; without one. */
const preflight = (origin: string, path = "/api/process") =>
  fetch(
    new Request(`http://nexus.test${path}`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization" },
    }),
  );

describe("a page", () => {
  it("of an origin listed for all may use a token of every tenant", async () => {
    expect((await preflight(EVERYONE)).status).toBe(204);
    for (const page of [pageOfA, pageOfB]) {
      const answer = await page(EVERYONE);
      expect([answer.status, readable(answer)]).toEqual([200, EVERYONE]);
    }
  });

  it("of an origin listed for one tenant may use that one's tokens alone, and nothing is kept for another", async () => {
    const before = await memories();
    expect((await pageOfB(ONLY_B)).status).toBe(200);
    expect(await pageOfA(ONLY_B)).toMatchObject({ status: 403, body: { code: "auth.origin" } });
    expect(await memories()).toBe(before);
  });

  it("of an origin that is not listed is told nothing on any route, preflight or not", async () => {
    for (const path of ["/api/process", "/api/tokens", "/api/nothing", "/health"]) {
      const refused = await preflight("https://evil.example", path);
      expect([refused.status, readable(refused)]).toEqual([403, null]);
    }
    const answer = await pageOfA("https://evil.example");
    expect([answer.status, readable(answer), answer.body["code"]]).toEqual([403, null, "auth.origin"]);
  });

  it("may not use an API key, which would be in everybody's hands", async () => {
    const page = createApi({ key: TEST_KEY, fetch });
    expect(await page("POST", "/api/search", { query: "x", userId: "u1" }, { origin: EVERYONE })).toMatchObject({
      status: 403,
      body: { code: "auth.origin" },
    });
  });
});
