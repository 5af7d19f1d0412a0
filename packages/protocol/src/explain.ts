/** POST /api/explain: why a memory was, or was not, in the answer to a query. */

import { z } from "zod";
import { opaqueText, uuidText } from "./fields.ts";
import { type RecallDefaults, type RecallInput, searchBody, toRecallInput } from "./recall-request.ts";
import { factorWire, weightsWire } from "./recall-response.ts";
import { validate } from "./validate.ts";

const explainQueryBody = z.strictObject({ queryId: opaqueText, memoryId: uuidText }).meta({ id: "ExplainAnswer" });

const explainSearchBody = z.strictObject({ ...searchBody.shape, memoryId: uuidText }).meta({ id: "ExplainSearch" });

export const explainBody = z.union([explainQueryBody, explainSearchBody]);

const time = z.string().meta({ format: "date-time" });
const reasonFields = { sentence: z.string() };

const reasonWire = z.discriminatedUnion("code", [
  z.object({ code: z.literal("notFound"), ...reasonFields }),
  z.object({
    code: z.literal("belowCut"),
    rank: z.int(),
    score: z.number(),
    cut: z.int().meta({ description: "Results shown." }),
    weakest: z.number().meta({ description: "Score of the last of them." }),
    ...reasonFields,
  }),
  z.object({ code: z.literal("belowMinScore"), score: z.number(), minScore: z.number(), ...reasonFields }),
  z.object({ code: z.literal("filtered"), clause: z.string(), ...reasonFields }),
  z.object({ code: z.literal("duplicateOf"), id: z.string().nullable(), ...reasonFields }),
  z.object({ code: z.literal("supersededBy"), id: z.string().nullable(), ...reasonFields }),
  z.object({ code: z.literal("notValidAt"), at: time, ...reasonFields }),
  z.object({ code: z.literal("expired"), at: time, ...reasonFields }),
  z.object({ code: z.literal("sourceSkipped"), source: z.string(), ...reasonFields }),
]);

const evidenceWire = z.object({
  terms: z.array(z.object({ term: z.string(), spans: z.array(z.object({ start: z.int(), end: z.int() })) })),
  neighbours: z
    .array(z.object({ id: z.string(), offset: z.int(), terms: z.array(z.string()) }))
    .meta({ description: "Turns up to two places before (negative) or after it that have words of the query." }),
  entities: z.array(z.object({ id: z.string(), name: z.string(), type: z.string() })),
  replacedBy: z.array(z.object({ id: z.string(), type: z.string() })),
});

export const explainWire = z.object({
  included: z.boolean(),
  rank: z.int().nullable(),
  score: z.number().nullable(),
  confidence: z.number().nullable(),
  sources: z.array(z.string()),
  factors: factorWire.nullable(),
  weights: weightsWire,
  agreement: z.number().nullable(),
  explanation: z.string(),
  reasons: z
    .array(reasonWire)
    .meta({ description: "None for a memory that was in the answer; the deciding one first." }),
  evidence: evidenceWire,
  accuracyTier: z.enum(["hot", "warm", "cold"]),
});

type ExplainWire = z.output<typeof explainWire>;
type ReasonWire = ExplainWire["reasons"][number];

export type ExplainInput =
  | { readonly memoryId: string; readonly queryId: string; readonly search?: undefined }
  | { readonly memoryId: string; readonly search: RecallInput; readonly queryId?: undefined };

type Timed<T> = T extends { at: string } ? Omit<T, "at"> & { readonly at: Date } : T;

export interface ExplanationView {
  readonly included: boolean;
  readonly rank?: number | undefined;
  readonly score?: number | undefined;
  readonly confidence?: number | undefined;
  readonly sources: readonly string[];
  readonly factors?: Readonly<ExplainWire["factors"]> | undefined;
  readonly weights: Readonly<ExplainWire["weights"]>;
  readonly explanation: string;
  readonly reasons: readonly Readonly<Timed<ReasonWire>>[];
  readonly evidence: {
    readonly terms: readonly { readonly term: string; readonly spans: readonly { start: number; end: number }[] }[];
    readonly neighbours: readonly { readonly id: string; readonly offset: number; readonly terms: readonly string[] }[];
    readonly entities: readonly Readonly<ExplainWire["evidence"]["entities"][number]>[];
    readonly replacedBy: readonly Readonly<ExplainWire["evidence"]["replacedBy"][number]>[];
  };
  readonly accuracyTier: ExplainWire["accuracyTier"];
}

/** Whether the body names an answer that was given; else it is a search. */
export function namesAnswer(input: unknown): boolean {
  return input !== null && typeof input === "object" && Object.hasOwn(input, "queryId");
}

/** throws  what `validate` throws, `search.filter_unknown`, `search.filter_invalid`, `search.k_too_large` */
export function parseExplain(input: unknown, defaults: RecallDefaults): ExplainInput {
  if (namesAnswer(input)) {
    const { queryId, memoryId } = validate(explainQueryBody, input);
    return { queryId, memoryId: memoryId.toLowerCase() };
  }
  const { memoryId, ...body } = validate(explainSearchBody, input);
  const search = toRecallInput(body.query, body, defaults, defaults.searchK);
  return { search, memoryId: memoryId.toLowerCase() };
}

export function explanationToWire(explanation: ExplanationView): ExplainWire {
  const { included, rank, score, confidence, sources, factors, weights, reasons, evidence, accuracyTier } = explanation;
  return {
    included,
    rank: rank ?? null,
    score: score ?? null,
    confidence: confidence ?? null,
    sources: [...sources],
    factors: factors ?? null,
    weights,
    agreement: factors?.agreement ?? null,
    explanation: explanation.explanation,
    reasons: reasons.map((reason) => ("at" in reason ? { ...reason, at: reason.at.toISOString() } : reason)),
    evidence: {
      terms: evidence.terms.map(({ term, spans }) => ({ term, spans: [...spans] })),
      neighbours: evidence.neighbours.map((one) => ({ ...one, terms: [...one.terms] })),
      entities: [...evidence.entities],
      replacedBy: [...evidence.replacedBy],
    },
    accuracyTier,
  };
}
