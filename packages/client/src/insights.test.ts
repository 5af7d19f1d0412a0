/** Feedback, patterns and trends as the client sends them. */

import { expect, it } from "vitest";
import { createClient } from "./index.ts";

function clientOf(...replies: unknown[]) {
  const sent: { url: string; method: string; body: unknown; key: string | undefined }[] = [];
  const nexus = createClient({
    url: "http://nexus.test",
    runtime: {
      async fetch(url, { method = "GET", headers, body }) {
        const given = headers as Record<string, string>;
        const parsed = typeof body === "string" ? (JSON.parse(body) as unknown) : undefined;
        sent.push({ url, method, body: parsed, key: given["idempotency-key"] });
        return Response.json(replies.shift());
      },
      newKey: () => "key-1",
    },
  });
  return { nexus, sent };
}

it("feedback is sent under an idempotency key, and the user's next read carries its token", async () => {
  const { nexus, sent } = clientOf({ id: "f", consistency: "cv1.x" }, { results: [] });
  expect(await nexus.feedback({ queryId: "q", memoryId: "m", rating: "up" }, { userId: "ana" })).toEqual({
    id: "f",
    consistency: "cv1.x",
  });
  await nexus.search({ query: "a", userId: "ana" });
  expect(sent).toMatchObject([
    { url: "http://nexus.test/api/feedback", method: "POST", body: { rating: "up" }, key: "key-1" },
    { body: { query: "a", consistency: "cv1.x" } },
  ]);
});

it("patterns and trends are asked for by query string, without what is left out", async () => {
  const { nexus, sent } = clientOf({ items: [] }, { items: [] }, { items: [] });
  await nexus.patterns({ userId: "ana", type: "habit", domain: undefined });
  await nexus.trends({ window: "day", limit: 3 });
  await nexus.trends();
  expect(sent.map(({ url }) => url.slice("http://nexus.test".length))).toEqual([
    "/api/patterns?userId=ana&type=habit",
    "/api/trends?window=day&limit=3",
    "/api/trends",
  ]);
});
