/** The routes of what is learnt: feedback, patterns and trends. */

import { feedbackBody, feedbackWire } from "./feedback.ts";
import { memoryExample, rememberedExample, searchExample } from "./examples.ts";
import type { Operation } from "./operation.ts";
import { patternsQuery, patternsWire } from "./patterns.ts";
import { trendsQuery, trendsWire } from "./trends.ts";

const WHOLE_TENANT = "Without `userId` it covers the tenant's users, up to 50 of them, and needs an `admin` key.";

export const insightOperations: readonly Operation[] = [
  {
    id: "rate",
    method: "post",
    path: "/api/feedback",
    tag: "Recall",
    summary: "Rate an answer, or one memory in it",
    description:
      "A rating of a memory changes its quality and what its user is taken to prefer, both within bounds. The same key rating the same memory of the same answer again replaces its rating.",
    grant: "write",
    headers: ["idempotency-key"],
    body: {
      schema: feedbackBody,
      examples: {
        thumb: { queryId: searchExample.queryId, memoryId: memoryExample.id, rating: "up" },
        stars: { queryId: searchExample.queryId, rating: 4, comment: "All there, but late." },
      },
    },
    answers: [
      {
        status: 201,
        description: "It is kept, and no cached answer is older than it.",
        schema: feedbackWire,
        example: { id: "0197a1b2-c3d4-5e5f-8a9b-0c1d2e3f4a5b", consistency: rememberedExample.consistency },
      },
    ],
    errors: ["query.not_found", "memory.not_found", "idempotency.mismatch", "store.conflict"],
  },
  {
    id: "listPatterns",
    method: "get",
    path: "/api/patterns",
    tag: "Recall",
    summary: "What recurs in a user's memories",
    description: `Solutions, preferences and habits that three memories or more tell of, and trends. ${WHOLE_TENANT}`,
    grant: "read",
    query: patternsQuery,
    answers: [
      {
        status: 200,
        description: "The most frequent first.",
        schema: patternsWire,
        example: {
          items: [
            {
              id: "0197a1b2-c3d4-5e5f-8a9b-0c1d2e3f4a5b",
              type: "preference",
              domain: "general",
              description: "3 memories tell a preference about “jazz”",
              terms: ["jazz", "vinyl"],
              frequency: 3,
              successRate: 0.5,
              memoryIds: [memoryExample.id],
            },
          ],
        },
      },
    ],
  },
  {
    id: "listTrends",
    method: "get",
    path: "/api/trends",
    tag: "Recall",
    summary: "What comes up more often than before",
    description: `Names and words of at least 5 memories in the last day, week or month that the one before does not explain. ${WHOLE_TENANT}`,
    grant: "read",
    query: trendsQuery,
    answers: [
      {
        status: 200,
        description: "The most surprising first.",
        schema: trendsWire,
        example: {
          items: [
            {
              topic: "Lisbon",
              frequency: 9,
              growthRate: 2.33,
              from: "2026-04-24T10:00:00.000Z",
              to: memoryExample.createdAt,
              examples: [memoryExample.id],
            },
          ],
        },
      },
    ],
  },
];
