import type { Memory } from "@nexus/core";
import { expect, it } from "vitest";
import { type RecallView, recallToJson, recallToWire, recallWire } from "./recall-response.ts";

const at = new Date("2026-05-01T10:00:00Z");
const memory: Memory = {
  id: "m",
  content: 'said "results":[] and \\ and ü',
  contentHash: "",
  language: "en",
  status: "superseded",
  metadata: { a: { b: [1, null] } },
  tokenCount: 1,
  chunkCount: 1,
  pendingCount: 0,
  createdAt: at,
  validTo: at,
  recordedAt: at,
  updatedAt: at,
  version: 1,
  changedBy: "key",
  seq: 1,
  addedSeq: 1,
};
const factors = { semantic: 1, keyword: 0, recency: 0, quality: 0, domain: 0, preference: 0 };
const response: RecallView = {
  queryId: '"results":[]',
  results: [
    {
      memory,
      score: 0.5,
      confidence: 0.5,
      sources: ["dense"],
      factors: { ...factors, agreement: 1 },
      explanation: "$& $1",
      spans: [{ start: 0, end: 4, term: "said" }],
    },
  ],
  confidence: 0.5,
  path: "smart",
  cache: { tier: "l1", semantic: false, ageMs: 3, seq: 1 },
  skipped: [{ source: "session", reason: "deadline", elapsedMs: 5, code: "search.deadline" }],
  weights: factors,
  latencyMs: 1,
  timings: { analyse: 0, embed: 0, search: 0, fuse: 0, network: 0, cold: 0 },
};

it("the JSON of an answer is that of its wire form, whatever its texts hold, the second time too", () => {
  const expected: unknown = JSON.parse(JSON.stringify(recallToWire(response)));
  expect(recallWire.parse(expected)).toEqual(expected);
  for (let i = 0; i < 2; i++) {
    const again = { ...response, latencyMs: i };
    expect(JSON.parse(new TextDecoder().decode(recallToJson(again)))).toEqual({
      ...(expected as object),
      latencyMs: i,
    });
  }
});

it("a superseded memory says so, with the end of its validity", () => {
  expect(recallToWire(response).results[0]).toMatchObject({
    superseded: true,
    validTo: at.toISOString(),
    validFrom: null,
  });
});
