/** The routes of the deep models' vectors. */

import type { Operation } from "./operation.ts";
import { vectorActionBody, vectorGenerationsWire } from "./vector-generations.ts";

/** As the embedders of deep models describe themselves: name, revision and precision. */
const one = {
  number: 1,
  name: "e1",
  model: "sentence-transformers/all-MiniLM-L6-v2@751bff37182d3f1213fa05d7196b954e230abad9@q8",
  startedAt: "2026-05-01T10:00:00.000Z",
};
const two = {
  number: 2,
  name: "e8",
  model: "sentence-transformers/all-mpnet-base-v2@e8c3b32edf54@q8",
  startedAt: "2026-06-01T10:00:00.000Z",
};

const generations = { tag: "Embeddings", path: "/api/embeddings/generations" } as const;

export const vectorGenerationsOperations: readonly Operation[] = [
  {
    ...generations,
    id: "getVectorGenerations",
    method: "get",
    summary: "The deep models whose vectors the memories have",
    description:
      "Every memory has vectors of the built-in model. Those of a deep model stand beside them in numbered generations: a new one is filled by a job while reads go on with the old, compared with it, and takes its place; the old one is kept for a roll-back. As of at most a minute ago.",
    grant: "read",
    answers: [
      {
        status: 200,
        description: "The generations of the tenant.",
        schema: vectorGenerationsWire,
        example: {
          active: one,
          next: {
            ...two,
            comparison: { queries: 64, overlapAt10: 0.41, selfAt10: 0.45, selfAt10InUse: 0.98, p95Ms: 21.3 },
          },
          previous: null,
          refused: [],
        },
      },
    ],
  },
  {
    ...generations,
    id: "switchVectors",
    method: "post",
    summary: "Take a model's vectors into use, roll back to those before, or drop them",
    description:
      "Reads see it at once on this server, elsewhere within a minute. What takes a place keeps it until the next call, so the same action sent twice is two actions, and an Idempotency-Key has no effect here. With nothing to do it is 409 `embed.generation_missing`.",
    grant: "admin",
    body: {
      schema: vectorActionBody,
      examples: { rollBack: { action: "rollBack" }, retire: { action: "retire" } },
    },
    answers: [
      {
        status: 200,
        description: "The generations as they are now.",
        schema: vectorGenerationsWire,
        example: { active: one, next: null, previous: two, refused: [two.model] },
      },
    ],
    errors: ["embed.generation_missing", "store.conflict", "store.full"],
  },
];
