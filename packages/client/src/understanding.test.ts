/** What the client sends for contexts, explanations, embeddings, entities and the graph. */

import { describe, expect, it } from "vitest";
import { createClient, type NexusClient } from "./index.ts";

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

async function sentBy(use: (nexus: NexusClient) => Promise<unknown>, answer: object = {}): Promise<Sent[]> {
  const sent: Sent[] = [];
  const nexus = createClient({
    url: "http://nexus.test",
    key: "nx_test",
    fetch: async (url, { method = "GET", body }) => {
      sent.push({ method, url, body: typeof body === "string" ? (JSON.parse(body) as unknown) : undefined });
      return Response.json(answer);
    },
  });
  await use(nexus);
  return sent;
}

describe("the client", () => {
  it("asks for contexts and explanations in the forms of the API", async () => {
    const context = { query: "mill", userId: "ana", maxTokens: 500, levels: ["longTerm"] } as const;
    expect(await sentBy((nexus) => nexus.context(context))).toEqual([
      { method: "POST", url: "http://nexus.test/api/context", body: context },
    ]);
    for (const request of [
      { queryId: "q1.x", memoryId: "m" },
      { query: "mill", userId: "ana", memoryId: "m" },
    ])
      expect(await sentBy((nexus) => nexus.explain(request))).toEqual([
        { method: "POST", url: "http://nexus.test/api/explain", body: request },
      ]);
  });

  it("asks for embeddings and their models", async () => {
    const request = { inputs: [{ type: "text", content: "mill" }], model: "e1", dimension: 64 } as const;
    expect(await sentBy((nexus) => nexus.embed(request))).toEqual([
      { method: "POST", url: "http://nexus.test/api/embeddings", body: request },
    ]);
    expect(await sentBy((nexus) => nexus.embeddingModels())).toEqual([
      { method: "GET", url: "http://nexus.test/api/embeddings/models", body: undefined },
    ]);
  });

  it("asks for entities and the graph by query string, ids and names escaped", async () => {
    const urls = async (use: (nexus: NexusClient) => Promise<unknown>) =>
      (await sentBy(use)).map(({ method, url }) => `${method} ${url.replace("http://nexus.test", "")}`);
    expect(await urls((nexus) => nexus.entities({ userId: "ana", type: "person", q: "Be" }))).toEqual([
      "GET /api/entities?userId=ana&type=person&q=Be",
    ]);
    expect(await urls((nexus) => nexus.entity("a/b", { userId: "ana" }))).toEqual([
      "GET /api/entities/a%2Fb?userId=ana",
    ]);
    expect(await urls((nexus) => nexus.graph({ userId: "ana", entity: "Ana & Ben", depth: 2 }))).toEqual([
      "GET /api/graph?userId=ana&entity=Ana+%26+Ben&depth=2",
    ]);
  });

  it("sends a user's latest consistency token with contexts and explained searches, and none with explained answers", async () => {
    const sent = await sentBy(
      async (nexus) => {
        await nexus.remember({ userId: "ana", content: "the mill" });
        await nexus.context({ query: "mill", userId: "ana" });
        await nexus.explain({ query: "mill", userId: "ana", memoryId: "m" });
        await nexus.explain({ queryId: "q1.x", memoryId: "m" });
      },
      { results: [], consistency: "cv1.t", projected: true },
    );
    const tokens = sent.slice(1).map(({ body }) => (body as { consistency?: string }).consistency);
    expect(tokens).toEqual(["cv1.t", "cv1.t", undefined]);
  });
});
