/** The routes that take all out and in. */

import { z } from "zod";
import { memoryExample } from "./examples.ts";
import { exportBody } from "./export.ts";
import { importQuery, importWire } from "./import.ts";
import type { Operation } from "./operation.ts";

const NDJSON = "application/x-ndjson";

export const transferOperations: readonly Operation[] = [
  {
    id: "export",
    method: "post",
    path: "/api/export",
    tag: "Transfer",
    summary: "Export all memories, entities, relations and feedback",
    description:
      'A stream of one JSON object a line: first `{"type":"export"}` with the format\'s version, then `memory`, `entity`, `relation`, `reference` and `feedback` lines, last `{"type":"end"}` with the counts: without it the stream was cut off. Past versions of memories are not in it. It is read while others write, and holds no memory recorded after its beginning.',
    grant: "admin",
    body: { schema: exportBody, examples: { tenant: {}, user: { userId: "u1" } } },
    answers: [{ status: 200, description: "The lines.", contentType: NDJSON }],
  },
  {
    id: "import",
    method: "post",
    path: "/api/import",
    tag: "Transfer",
    summary: "Import an export of this server, of mem0 or of Zep",
    description:
      "One JSON object a line, each in a form of its own: lines of POST /api/export, memories as POST /api/memories takes them, rows of mem0 (`memory`, `user_id`, …), messages and facts of Zep (`uuid`, …), and lists of those. The body is read as it is written, of any length; a line may have 4 MiB. Lines of an export come back in the state they had, those of others are told anew. The same lines again change nothing. A bad line is reported and the rest goes on. `userId`, `agentId` and `sessionId` are for lines of other products that name none.",
    grant: "admin",
    query: importQuery,
    body: {
      schema: z.string(),
      contentType: NDJSON,
      examples: { mem0: `${JSON.stringify({ id: memoryExample.id, memory: memoryExample.content, user_id: "u1" })}\n` },
    },
    answers: [
      {
        status: 200,
        description: "What became of the lines.",
        schema: importWire,
        example: {
          imported: 120,
          unchanged: 3,
          failed: [{ line: 7, code: "import.row", detail: "content must have some text (memory.empty)" }],
          total: 124,
        },
      },
    ],
    errors: ["import.format", "store.full", "store.conflict"],
  },
];
