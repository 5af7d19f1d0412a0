/** The calls about keys and tokens. */

import { describe, expect, it } from "vitest";
import { createClient, type NexusClient } from "./index.ts";

function clientOf(answer: () => Response) {
  const sent: { readonly route: string; readonly body: unknown; readonly headers: Record<string, string> }[] = [];
  const nexus = createClient({
    url: "http://nexus.test",
    key: "k",
    runtime: {
      fetch: async (url, { method, body, headers }) => {
        sent.push({
          route: `${method} ${url.replace("http://nexus.test", "")}`,
          body: typeof body === "string" ? (JSON.parse(body) as unknown) : undefined,
          headers: headers as Record<string, string>,
        });
        return answer();
      },
      sleep: async () => {},
      random: () => 0,
    },
  });
  return { nexus, sent };
}

const token = { userId: "u", scopes: ["read" as const], ttlSeconds: 60 };
const key = { name: "k", scopes: ["admin" as const] };

const CALLS: readonly [string, (nexus: NexusClient) => Promise<unknown>, string, unknown][] = [
  ["createToken", (nexus) => nexus.createToken(token), "POST /api/tokens", token],
  ["createKey", (nexus) => nexus.createKey(key), "POST /api/keys", key],
  ["keys", (nexus) => nexus.keys({ limit: 5, cursor: "c" }), "GET /api/keys?limit=5&cursor=c", undefined],
  ["key", (nexus) => nexus.key("a/b"), "GET /api/keys/a%2Fb", undefined],
  ["revokeKey", (nexus) => nexus.revokeKey("k1"), "DELETE /api/keys/k1", undefined],
];

describe("access", () => {
  it.each(CALLS)("%s calls its route, under no idempotency key", async (_name, call, route, body) => {
    const { nexus, sent } = clientOf(() => Response.json({}));
    await call(nexus);
    expect(sent).toMatchObject([{ route, body }]);
    expect(sent[0]?.headers).not.toHaveProperty("idempotency-key");
  });

  it("createKey is not sent again after a failure: the first may have made a key", async () => {
    const busy = () => Response.json({ code: "store.unavailable", detail: "away", errors: [] }, { status: 503 });
    const { nexus, sent } = clientOf(busy);
    await expect(nexus.createKey(key)).rejects.toMatchObject({ code: "store.unavailable" });
    expect(sent).toHaveLength(1);
  });
});
