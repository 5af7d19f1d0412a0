/** The routes that search. */

import { LIMITS } from "@nexus/core";
import { processExample, searchExample } from "./examples.ts";
import type { Operation } from "./operation.ts";
import { processBody, processWire } from "./process.ts";
import { searchBody } from "./recall-request.ts";
import { recallWire } from "./recall-response.ts";

const SEARCH_ERRORS = [
  "search.filter_unknown",
  "search.filter_invalid",
  "search.k_too_large",
  "search.deadline",
  "consistency.invalid",
  "consistency.timeout",
] as const;

const WHOLE_TENANT = "Without `userId` it covers the whole tenant and needs an `admin` key.";

export const recallOperations: readonly Operation[] = [
  {
    id: "process",
    method: "post",
    path: "/api/process",
    tag: "Recall",
    summary: "Take what the user said, recall, and keep it",
    description: `The main job. \`remember: "auto"\` keeps statements and not questions; whatever is kept is never among its own results. ${WHOLE_TENANT} Unless \`remember\` is false the key needs \`write\` too. Text ≤ ${LIMITS.maxQueryBytes} bytes (longer ones go to POST /api/memories), k ≤ ${LIMITS.maxK}.`,
    grant: "read",
    headers: ["idempotency-key"],
    body: {
      schema: processBody,
      examples: {
        question: {
          text: "What did Ana say about the Lisbon trip?",
          userId: "u1",
          sessionId: "s9",
          filters: { createdAt: { gte: "2026-01-01" }, "metadata.topic": "travel" },
          explain: true,
        },
        statement: { text: "I moved to Porto last week.", userId: "u1", speaker: "Ana", remember: "auto" },
      },
    },
    answers: [
      { status: 200, description: "What was found, and what was kept.", schema: processWire, example: processExample },
    ],
    errors: [...SEARCH_ERRORS, "memory.time_invalid", "idempotency.mismatch"],
  },
  {
    id: "search",
    method: "post",
    path: "/api/search",
    tag: "Recall",
    summary: "Search, without side effects",
    description: `${WHOLE_TENANT} Query ≤ ${LIMITS.maxQueryBytes} bytes, k ≤ ${LIMITS.maxK}, filters ≤ ${LIMITS.maxFilterClauses} clauses in ${LIMITS.maxFilterDepth} levels, budgetMs ≤ ${LIMITS.maxBudgetMs}.`,
    grant: "read",
    body: {
      schema: searchBody,
      examples: {
        simple: { query: "Lisbon trip", userId: "u1", k: 10 },
        filtered: { query: "Lisbon trip", userId: "u1", filters: { "metadata.topic": "travel" }, asOf: "2026-06-01" },
      },
    },
    answers: [
      {
        status: 200,
        description: "The best memories first. Nothing found is a 200 with low confidence.",
        schema: recallWire,
        example: searchExample,
      },
    ],
    errors: SEARCH_ERRORS,
  },
];
