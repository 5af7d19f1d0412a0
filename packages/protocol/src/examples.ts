/** The values that the OpenAPI document and /docs show. A test parses every one with the schema it stands beside. */

const ID = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
const TOKEN = "cv1.q5pXkJ8fVbq1gI0e2n0y7ltbInUxIiw0Ml1d";
const AT = "2026-05-01T10:00:00.000Z";

export const memoryExample = {
  id: ID,
  externalId: null,
  content: "Ana wants to fly to Lisbon in May",
  userId: "u1",
  agentId: null,
  sessionId: "s9",
  speaker: "Ana",
  createdAt: AT,
  recordedAt: AT,
  updatedAt: AT,
  validFrom: null,
  validTo: null,
  expiresAt: null,
  version: 1,
  status: "active",
  invalidReason: null,
  metadata: { topic: "travel" },
  entities: [
    { name: "Ana", type: "person" },
    { name: "Lisbon", type: "location" },
  ],
  language: "en",
  indexed: { chunks: 1, pending: 0 },
};

export const rememberExamples = {
  one: {
    content: "Ana wants to fly to Lisbon in May",
    userId: "u1",
    sessionId: "s9",
    speaker: "Ana",
    createdAt: "2026-05-01T10:00:00Z",
    metadata: { topic: "travel" },
  },
  many: {
    memories: [
      { content: "Ana wants to fly to Lisbon in May", userId: "u1" },
      { content: "Ben prefers the night train", userId: "u1" },
    ],
  },
  conversation: {
    userId: "u1",
    sessionId: "s9",
    messages: [
      { role: "user", name: "Ana", content: "I want to fly to Lisbon in May." },
      { role: "assistant", content: "Noted. Shall I look for flights?" },
    ],
  },
};

export const rememberedExample = {
  results: [{ id: ID, event: "added", relatedId: null, error: null }],
  consistency: TOKEN,
  projected: true,
};

export const forgottenExample = { id: ID, event: "forgotten", consistency: TOKEN };

export const historyExample = {
  items: [
    {
      version: 1,
      op: "added",
      content: "Ana wants to fly to Lisbon in May",
      metadata: { topic: "travel" },
      validFrom: null,
      validTo: null,
      status: "active",
      changedBy: "6f1c0d2a9b3e4f57",
      recordedAt: AT,
    },
  ],
};

export const jobExample = {
  id: ID,
  kind: "forget",
  status: "running",
  progress: { done: 120, total: 300 },
  result: null,
  error: null,
};

export const searchExample = {
  queryId: "q1Zr8mJvT0yXn3cK5wPp2A",
  results: [
    {
      id: ID,
      externalId: null,
      memory: "Ana wants to fly to Lisbon in May",
      score: 0.8,
      confidence: 0.93,
      sources: ["dense", "sparse"],
      factors: {
        semantic: 0.88,
        keyword: 0.74,
        recency: 0.61,
        quality: 0.9,
        domain: 1,
        preference: 0.5,
        agreement: 1.03,
      },
      explanation: "Matches “Lisbon”; found by two sources.",
      spans: [{ start: 20, end: 26, term: "Lisbon" }],
      sessionId: "s9",
      speaker: "Ana",
      createdAt: AT,
      validFrom: null,
      validTo: null,
      superseded: false,
      metadata: { topic: "travel" },
    },
  ],
  confidence: 0.93,
  path: "smart",
  cache: { tier: null, semantic: false, ageMs: null, seq: null },
  skipped: [],
  latencyMs: 7.4,
  timings: { analyse: 0.02, embed: 0.1, search: 5.9, fuse: 0.4, network: 0, cold: 0 },
};

export const processExample = {
  ...searchExample,
  escalations: [{ from: "cache_only", to: "smart", before: 0, after: 0.93 }],
  analysis: {
    domain: "general",
    complexity: "simple",
    cacheProbability: 0.12,
    hasReference: false,
    language: "en",
    capped: false,
  },
  remembered: { event: "none", reason: "question" },
  consistency: null,
  usage: { llmTokens: 0 },
};

export const readyExample = {
  status: "ok",
  dependencies: { records: { status: "ok", latencyMs: 0.4, breaker: "closed" } },
};
