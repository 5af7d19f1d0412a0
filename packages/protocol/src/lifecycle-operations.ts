/** The routes that end a memory's validity and undo merges. */

import { patchedWire } from "./change.ts";
import { memoryExample, rememberedExample } from "./examples.ts";
import { invalidateBody, undoneWire } from "./lifecycle.ts";
import type { Operation } from "./operation.ts";

const { consistency } = rememberedExample;

export const lifecycleOperations: readonly Operation[] = [
  {
    id: "invalidateMemory",
    method: "post",
    path: "/api/memories/{id}/invalidate",
    tag: "Memories",
    summary: "End a memory's validity and keep its history",
    description: "Recall finds it only as of a moment at which it held. To delete it with its history, forget it.",
    grant: "write",
    headers: ["idempotency-key", "if-match"],
    body: {
      schema: invalidateBody,
      examples: {
        now: { reason: "Ana cancelled the trip" },
        earlier: { reason: "sold", validTo: "2026-05-04T00:00:00Z" },
      },
    },
    answers: [
      {
        status: 200,
        description: "The memory as it is now.",
        schema: patchedWire,
        example: {
          ...memoryExample,
          version: 2,
          status: "invalidated",
          invalidReason: "Ana cancelled the trip",
          validTo: "2026-05-04T00:00:00.000Z",
          consistency,
        },
      },
    ],
    errors: [
      "memory.not_found",
      "memory.time_invalid",
      "memory.version_conflict",
      "idempotency.mismatch",
      "store.conflict",
      "store.full",
    ],
  },
  {
    id: "undoMerges",
    method: "post",
    path: "/api/memories/{id}/merges/undo",
    tag: "Memories",
    summary: "Give back what a memory took in or replaced",
    description: "What it merged or superseded holds by itself again, beside it.",
    grant: "write",
    headers: ["idempotency-key"],
    answers: [
      {
        status: 200,
        description: "The memory, and what it gave back.",
        schema: undoneWire,
        example: { ...memoryExample, restored: ["018f3a5e-0000-7000-8000-000000000001"], consistency },
      },
    ],
    errors: ["memory.not_found", "memory.merge_not_found", "idempotency.mismatch", "store.conflict", "store.full"],
  },
];
