/** POST /api/process. */

import type { JsonObject } from "@nexus/core";
import { z } from "zod";
import { nameText, queryText, timeText } from "./fields.ts";
import { metadataObject } from "./metadata.ts";
import { recallFields, type RecallDefaults, type RecallInput, toRecallInput } from "./recall-request.ts";
import { type RecallView, recallWire, recallToWire } from "./recall-response.ts";
import { timeProblems, toDate } from "./times.ts";
import { rejected, validate } from "./validate.ts";

export const processBody = z.strictObject({
  text: queryText,
  ...recallFields,
  remember: z.union([z.literal("auto"), z.boolean()]).nullish(),
  speaker: nameText.nullish(),
  metadata: metadataObject.nullish(),
  createdAt: timeText.nullish(),
});

export const processWire = recallWire.extend({
  escalations: z.array(z.object({ from: z.string(), to: z.string(), before: z.number(), after: z.number() })),
  analysis: z.object({
    domain: z.string(),
    complexity: z.enum(["simple", "medium", "complex", "critical"]),
    cacheProbability: z.number(),
    hasReference: z.boolean(),
    language: z.string(),
    capped: z.boolean(),
  }),
  remembered: z.object({
    event: z.enum(["added", "merged", "superseded", "unchanged", "failed", "none"]),
    id: z.string().optional(),
    relatedId: z.string().optional(),
    reason: z.string().optional(),
  }),
  consistency: z.string().nullable(),
  usage: z.object({ llmTokens: z.int() }),
});

type ProcessWire = z.output<typeof processWire>;

export interface ProcessInput extends RecallInput {
  readonly remember: "auto" | boolean;
  readonly speaker: string | undefined;
  readonly metadata: JsonObject;
  readonly createdAt: Date | undefined;
}

/** throws  what `parseSearch` throws, `memory.time_invalid` */
export function parseProcess(input: unknown, defaults: RecallDefaults, now: number): ProcessInput {
  const body = validate(processBody, input);
  const createdAt = toDate(body.createdAt);
  const problems = timeProblems({ createdAt }, now, "");
  if (problems.length > 0) throw rejected("memory.time_invalid", problems);
  return {
    ...toRecallInput(body.text, body, defaults, defaults.processK),
    remember: body.remember ?? "auto",
    speaker: body.speaker ?? undefined,
    metadata: body.metadata ?? {},
    createdAt,
  };
}

export interface ProcessView extends RecallView {
  readonly escalations: readonly Readonly<ProcessWire["escalations"][number]>[];
  readonly analysis: Readonly<ProcessWire["analysis"]>;
  readonly remembered: {
    readonly event: ProcessWire["remembered"]["event"];
    readonly id?: string | undefined;
    readonly relatedId?: string | undefined;
    readonly reason?: string | undefined;
  };
  readonly usage: { readonly llmTokens: number };
}

export function processToWire(response: ProcessView, consistency: string | null): ProcessWire {
  const { latencyMs, timings, cache, skipped, weights, ...found } = recallToWire(response);
  return {
    ...found,
    escalations: [...response.escalations],
    analysis: response.analysis,
    cache,
    skipped,
    remembered: response.remembered,
    consistency,
    ...(weights && { weights }),
    latencyMs,
    timings,
    usage: response.usage,
  };
}
