import { describe, expect, it } from "vitest";
import { createFixture, ID } from "./app-fixture.ts";

describe("POST /api/search", () => {
  it("fills what is left out with the settings", async () => {
    const { send, calls } = createFixture();
    await send("POST", "/api/search", { query: "a", k: null, filters: null });
    expect(calls[0]?.args[1]).toEqual({
      query: "a",
      userId: undefined,
      agentId: undefined,
      sessionId: undefined,
      k: 10,
      mode: "auto",
      minScore: 0,
      minConfidence: undefined,
      filter: { all: [] },
      asOf: undefined,
      consistency: undefined,
      maxStalenessMs: 1_000,
      budgetMs: 250,
      explain: false,
    });
  });

  it("answers in the shape of the contract", async () => {
    const response = await createFixture().send("POST", "/api/search", { query: "a" });
    const answer = (await response.json()) as { results: object[] };
    expect(Object.keys(answer)).toEqual([
      "queryId",
      "results",
      "confidence",
      "path",
      "cache",
      "skipped",
      "latencyMs",
      "timings",
    ]);
    expect(answer.results[0]).toMatchObject({
      id: ID,
      memory: "Ana flies to Lisbon",
      externalId: null,
      sessionId: null,
      speaker: null,
      validFrom: null,
      validTo: null,
      superseded: false,
      metadata: { topic: "travel" },
    });
  });
});

describe("POST /api/process", () => {
  it("passes on what is to be remembered", async () => {
    const { send, calls } = createFixture();
    const body = {
      text: "",
      userId: "u1",
      remember: true,
      speaker: "Ana",
      metadata: { a: 1 },
      createdAt: "2026-05-01",
    };
    await send("POST", "/api/process", body);
    expect(calls[0]?.args[1]).toMatchObject({
      query: "",
      k: 8,
      remember: true,
      speaker: "Ana",
      metadata: { a: 1 },
      createdAt: new Date("2026-05-01T00:00:00Z"),
    });
  });

  it("answers with everything that a search does, and what was kept", async () => {
    const response = await createFixture().send("POST", "/api/process", { text: "a" });
    expect(await response.json()).toMatchObject({
      queryId: "q",
      escalations: [],
      analysis: { domain: "general", complexity: "simple" },
      remembered: { event: "none", reason: "question" },
      consistency: null,
      usage: { llmTokens: 0 },
    });
  });
});
