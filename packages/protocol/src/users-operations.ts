/** The route that erases a user. */

import { jobExample } from "./examples.ts";
import type { Operation } from "./operation.ts";
import { eraseAcceptedWire, eraseParameters } from "./users.ts";

export const usersOperations: readonly Operation[] = [
  {
    id: "eraseUser",
    method: "delete",
    path: "/api/users/{userId}",
    tag: "Memories",
    summary: "Erase a user everywhere",
    description:
      "A job that removes all that was there, or accepted for later, when this is called: memories and their history, vectors and the files they lie in, entities and relations, ratings, patterns and preferences, cached answers and waiting writes. What the user writes afterwards is new and stays; memories without a `userId` are never touched. Then every place is searched again, and GET /api/jobs/{id} has the receipt as its `result`. What stays is the user's id with a counter, so that older consistency tokens and cached answers end. Takes an API key, no user token.",
    grant: "admin",
    headers: ["idempotency-key"],
    parameters: eraseParameters,
    answers: [
      {
        status: 202,
        description: "The job is on disk; it goes on through restarts until nothing is left.",
        schema: eraseAcceptedWire,
        example: { job: { ...jobExample, kind: "erase", status: "queued", progress: { done: 0, total: 300 } } },
        headers: { location: "Where the job can be asked for." },
      },
    ],
    errors: ["idempotency.mismatch", "store.conflict", "store.full"],
  },
];
