/** GET /api/jobs/{id}, GET /api/jobs, and the 202 of everything that becomes a job. */

import { type Job, LIMITS } from "@nexus/core";
import { z } from "zod";
import { failureWire, readCode } from "./failure.ts";
import { opaqueText } from "./fields.ts";
import { integerText } from "./query-text.ts";
import { validate } from "./validate.ts";

const DEFAULT_LIMIT = 50;

export const jobWire = z
  .object({
    id: z.string(),
    kind: z.string(),
    status: z.enum(["queued", "running", "done", "failed"]),
    progress: z.object({ done: z.int(), total: z.int() }),
    result: z.unknown().meta({ override: {}, description: "What the job made; null until it is done." }),
    error: failureWire.nullable(),
  })
  .meta({ id: "Job" });

export const acceptedWire = z.object({ job: jobWire });

export const jobsWire = z.object({ items: z.array(jobWire), nextCursor: z.string().nullable() });

export const jobsQuery = z.strictObject({
  limit: integerText.pipe(z.int().min(1).max(LIMITS.maxListLimit)).optional(),
  cursor: opaqueText.optional(),
});

export interface JobsInput {
  readonly limit: number;
  readonly cursor: string | undefined;
}

export function parseJobsQuery(input: unknown): JobsInput {
  const { limit = DEFAULT_LIMIT, cursor } = validate(jobsQuery, input);
  return { limit, cursor };
}

export function jobToWire(job: Job): z.output<typeof jobWire> {
  return {
    id: job.id,
    kind: job.kind,
    status: job.status,
    progress: { done: job.progress.done, total: job.progress.total },
    result: job.result ?? null,
    error: job.errorCode === undefined ? null : { code: readCode(job.errorCode), detail: job.errorDetail ?? "" },
  };
}

export function jobsToWire(page: {
  readonly items: readonly Job[];
  readonly nextCursor: string | null;
}): z.output<typeof jobsWire> {
  return { items: page.items.map(jobToWire), nextCursor: page.nextCursor };
}
