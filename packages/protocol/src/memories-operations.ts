/** The routes of many memories. */

import { LIMITS } from "@nexus/core";
import { jobExample, memoryExample, rememberedExample, rememberExamples } from "./examples.ts";
import { countWire, forgetBody, forgetQuery } from "./forget-many.ts";
import { acceptedWire } from "./job.ts";
import { listBody, listQuery, pageWire } from "./listing.ts";
import type { Answer, Operation } from "./operation.ts";
import { rememberBody } from "./remember.ts";
import { rememberedWire } from "./remembered.ts";

const page: Answer = {
  status: 200,
  description: "One page. It may be shorter than the limit and still have a successor.",
  schema: pageWire,
  example: { items: [memoryExample], nextCursor: null },
};

const accepted: Answer = {
  status: 202,
  description: "The job is on disk and does the rest.",
  schema: acceptedWire,
  example: { job: jobExample },
  headers: { location: "Where to ask for the job." },
};

export const memoriesOperations: readonly Operation[] = [
  {
    id: "remember",
    method: "post",
    path: "/api/memories",
    tag: "Memories",
    summary: "Remember one memory, many, or a conversation",
    description: `Up to ${LIMITS.maxAtomicBatch} memories are kept all or none; larger batches (≤ ${LIMITS.maxBatch}) have one result per item. Text ≤ ${LIMITS.maxTextBytes} bytes, metadata ≤ ${LIMITS.maxMetadataBytes} bytes and ${LIMITS.maxMetadataDepth} levels, ≤ ${LIMITS.maxUsersPerWrite} users a request, body ≤ ${LIMITS.maxBodyBytes} bytes. A message's speaker is its \`name\`, else its \`role\`, which is kept in the metadata.`,
    grant: "write",
    headers: ["idempotency-key"],
    body: { schema: rememberBody, examples: rememberExamples },
    answers: [
      {
        status: 201,
        description: "One result per memory, in the order sent.",
        schema: rememberedWire,
        example: rememberedExample,
      },
      { ...accepted, description: "With `async: true`: the job is on disk and does the rest." },
    ],
    errors: [
      "memory.empty",
      "memory.too_large",
      "memory.time_invalid",
      "memory.exists",
      "idempotency.mismatch",
      "store.conflict",
      "store.full",
    ],
  },
  {
    id: "listMemories",
    method: "get",
    path: "/api/memories",
    tag: "Memories",
    summary: "List memories, newest first",
    description: "Without `userId` it covers the whole tenant and needs an `admin` key.",
    grant: "read",
    query: listQuery,
    answers: [page],
  },
  {
    id: "queryMemories",
    method: "post",
    path: "/api/memories/query",
    tag: "Memories",
    summary: "List memories that fit filters, newest first",
    description: `Without \`userId\` it covers the whole tenant and needs an \`admin\` key. limit ≤ ${LIMITS.maxListLimit}.`,
    grant: "read",
    body: {
      schema: listBody,
      examples: { filtered: { userId: "u1", filters: { "metadata.topic": { in: ["travel", "work"] } }, limit: 50 } },
    },
    answers: [page],
    errors: ["search.filter_unknown", "search.filter_invalid"],
  },
  {
    id: "forgetMemories",
    method: "delete",
    path: "/api/memories",
    tag: "Memories",
    summary: "Forget all memories that fit",
    description:
      'Needs a `userId`, or `confirm: "all"` and an `admin` key. `dryRun` only counts. Send a body or a query string.',
    grant: "write",
    headers: ["idempotency-key"],
    query: forgetQuery,
    body: {
      schema: forgetBody,
      optional: true,
      examples: { session: { userId: "u1", sessionId: "s9", dryRun: true } },
    },
    answers: [
      { status: 200, description: "With `dryRun`: how many fit.", schema: countWire, example: { count: 12 } },
      accepted,
    ],
    errors: ["search.filter_unknown", "search.filter_invalid", "idempotency.mismatch"],
  },
];
