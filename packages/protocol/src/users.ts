/** DELETE /api/users/{userId}, and the receipt that its job ends with. */

import { z } from "zod";
import { userText } from "./fields.ts";
import { jobWire } from "./job.ts";
import { validate } from "./validate.ts";

const time = z.string().meta({ format: "date-time" });

export const eraseParameters = { userId: userText };

const eraseRequest = z.strictObject(eraseParameters);

const receiptWire = z
  .object({
    jobId: z.string(),
    subjectHmac: z.string().meta({ description: "HMAC-SHA-256 of the user's id: the receipt names nobody." }),
    stores: z
      .record(z.string(), z.object({ deleted: z.int(), remaining: z.int() }))
      .meta({ description: "By place: rows of each table, memories in the vector store, cache entries, blobs." }),
    residue: z.int().meta({ description: "What a search of every place found afterwards: 0, or there is no receipt." }),
    requestedAt: time,
    completedAt: time,
    backupsAgeOutAt: time.meta({ description: "By then no back-up holds anything of the user." }),
  })
  .meta({ id: "Receipt" });

export const eraseAcceptedWire = z.object({
  job: jobWire.extend({ result: receiptWire.nullable() }).meta({ id: "EraseJob" }),
});

/** A job that erases; its result is the receipt once it is done. */
export type EraseJob = z.output<typeof eraseAcceptedWire>["job"];

/** throws  `body.invalid` for what can be no user's id */
export function parseErase(userId: string): string {
  return validate(eraseRequest, { userId }).userId;
}
