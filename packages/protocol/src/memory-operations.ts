/** The routes of one memory, and of jobs. */

import { forgottenWire, patchBody, patchedWire } from "./change.ts";
import { forgottenExample, historyExample, jobExample, memoryExample, rememberedExample } from "./examples.ts";
import { jobsQuery, jobsWire, jobWire } from "./job.ts";
import { historyWire, memoryWire } from "./memory.ts";
import type { Operation } from "./operation.ts";

const ETAG = { etag: "The memory's version in quotes, for If-Match." };

export const memoryOperations: readonly Operation[] = [
  {
    id: "getMemory",
    method: "get",
    path: "/api/memories/{id}",
    tag: "Memories",
    summary: "Read a memory",
    grant: "read",
    answers: [{ status: 200, description: "The memory.", schema: memoryWire, example: memoryExample, headers: ETAG }],
    errors: ["memory.not_found"],
  },
  {
    id: "changeMemory",
    method: "patch",
    path: "/api/memories/{id}",
    tag: "Memories",
    summary: "Change a memory",
    description:
      "What is left out stays; null removes; `metadata` is replaced whole. Every change makes a new version.",
    grant: "write",
    headers: ["idempotency-key", "if-match"],
    body: {
      schema: patchBody,
      examples: { content: { content: "Ana flies to Lisbon on 12 May" }, close: { validTo: "2026-06-01T00:00:00Z" } },
    },
    answers: [
      {
        status: 200,
        description: "The memory as it is now.",
        schema: patchedWire,
        example: { ...memoryExample, version: 2, consistency: rememberedExample.consistency },
        headers: ETAG,
      },
    ],
    errors: [
      "memory.not_found",
      "memory.version_conflict",
      "memory.empty",
      "memory.too_large",
      "memory.time_invalid",
      "idempotency.mismatch",
      "store.conflict",
      "store.full",
    ],
  },
  {
    id: "forgetMemory",
    method: "delete",
    path: "/api/memories/{id}",
    tag: "Memories",
    summary: "Forget a memory, its versions and its vectors",
    grant: "write",
    headers: ["idempotency-key"],
    answers: [{ status: 200, description: "It is gone.", schema: forgottenWire, example: forgottenExample }],
    errors: ["memory.not_found", "idempotency.mismatch", "store.conflict"],
  },
  {
    id: "memoryHistory",
    method: "get",
    path: "/api/memories/{id}/history",
    tag: "Memories",
    summary: "The versions of a memory, oldest first",
    grant: "read",
    answers: [{ status: 200, description: "The versions.", schema: historyWire, example: historyExample }],
    errors: ["memory.not_found"],
  },
  {
    id: "getJob",
    method: "get",
    path: "/api/jobs/{id}",
    tag: "Jobs",
    summary: "What became of a job",
    description: "Takes the scope that the job took: `admin` for erasing a user and for forgetting across users.",
    grant: "write",
    answers: [{ status: 200, description: "The job.", schema: jobWire, example: jobExample }],
    errors: ["job.not_found"],
  },
  {
    id: "listJobs",
    method: "get",
    path: "/api/jobs",
    tag: "Jobs",
    summary: "List jobs, newest first",
    description:
      "Without the scope `admin` those are left out that took it, so a page may have fewer than `limit`; the last has no `nextCursor`.",
    grant: "write",
    query: jobsQuery,
    answers: [
      { status: 200, description: "One page.", schema: jobsWire, example: { items: [jobExample], nextCursor: null } },
    ],
  },
];
