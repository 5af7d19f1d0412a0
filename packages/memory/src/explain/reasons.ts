/** Why a memory is not in an answer: every reason that holds, the one that decides first. */

import { allOf, equals, type Filter, type Memory } from "@nexus/core";
import type { RecallRequest, RecallResponse } from "../requests.ts";
import { hasExpired, payloadOf } from "../subject.ts";
import { failedClauses } from "./clauses.ts";
import type { Evidence } from "./evidence.ts";
import type { Reason } from "./explain-service.ts";

export interface Missed {
  readonly memory: Memory;
  readonly request: RecallRequest;
  readonly evidence: Evidence;
  /** The search made again, with many results. */
  readonly again: RecallResponse;
  /** The score of the last result shown, and how many were. */
  readonly shown: { readonly weakest: number; readonly count: number };
  readonly now: number;
  /** When the answer was given, where it was not given now. */
  readonly answeredAt?: number | undefined;
}

export function reasonsFor(missed: Missed): Reason[] {
  const barred = [...ended(missed), ...filtered(missed), ...related(missed)];
  // What is barred was not ranked, unless it only stands further down.
  if (barred.some(({ code }) => code !== "supersededBy")) return barred;
  const skipped = missed.again.skipped.map(({ source, reason }): Reason => ({
    code: "sourceSkipped",
    source,
    sentence: `The source ${source} did not answer (${reason}), and may have found it.`,
  }));
  return [...outranked(missed), ...barred, ...skipped];
}

function ended({ memory, request, now }: Missed): Reason[] {
  const { expiresAt, status, validFrom, validTo, createdAt, invalidReason } = memory;
  if (expiresAt && hasExpired(memory, now))
    return [{ code: "expired", at: expiresAt, sentence: `It expired on ${dayOf(expiresAt)}.` }];
  if (request.asOf) {
    const from = validFrom ?? createdAt;
    const at = request.asOf;
    if (from > at)
      return [{ code: "notValidAt", at, sentence: `It holds from ${dayOf(from)} on, after the moment asked about.` }];
    if (validTo && validTo <= at)
      return [{ code: "notValidAt", at, sentence: `It held until ${dayOf(validTo)}, before the moment asked about.` }];
    return [];
  }
  // What was declared to hold until some later time is found until then.
  if (status !== "invalidated" || (validTo && validTo.getTime() > now)) return [];
  const why = invalidReason === undefined ? "" : `: ${invalidReason}`;
  return [{ code: "notValidAt", at: new Date(now), sentence: `It was declared no longer valid${why}.` }];
}

function filtered({ memory, request }: Missed): Reason[] {
  const { userId, agentId, sessionId, filter } = request;
  const scope: Filter = allOf(
    ...Object.entries({ userId, agentId, sessionId }).map(([field, value]) =>
      value === undefined ? undefined : equals(field, value),
    ),
    filter,
  );
  return failedClauses(scope, payloadOf(memory)).map((clause) => ({
    code: "filtered",
    clause,
    sentence: `It does not fit the condition ${clause}.`,
  }));
}

/** What took it in, or replaced it. */
function related({ memory, request, evidence }: Missed): Reason[] {
  const by = (type: string): string | null => evidence.replacedBy.find((one) => one.type === type)?.id ?? null;
  if (memory.status === "merged" && !request.asOf)
    return [
      {
        code: "duplicateOf",
        id: by("mergedInto"),
        sentence: "It was merged into another memory, which is found in its place.",
      },
    ];
  if (memory.status !== "superseded") return [];
  const sentence = "It was superseded by another memory, and so counts as neither recent nor good.";
  return [{ code: "supersededBy", id: by("supersedes"), sentence }];
}

function outranked({ memory, request, again, shown, answeredAt, evidence }: Missed): Reason[] {
  const stands = (id: string, others: readonly string[] = []): boolean =>
    id === memory.id || others.includes(memory.id);
  const rank = again.results.findIndex((result) => stands(result.memory.id, result.duplicates)) + 1;
  const place = again.results[rank - 1];
  const score = place?.score ?? 0;
  const { minScore, k } = request;
  const holder = place && place.memory.id !== memory.id ? place.memory.id : undefined;
  const folded = holder === undefined ? [] : [duplicateOf(holder)];
  if (rank > 0 && score < minScore) {
    const sentence = `Its score ${number(score)} is below the ${number(minScore)} that the request asks for.`;
    return [{ code: "belowMinScore", score, minScore, sentence }, ...folded];
  }
  if (answeredAt !== undefined && memory.updatedAt.getTime() > answeredAt)
    return [{ code: "notFound", sentence: "It was remembered or changed after the answer was given." }];
  if (rank > k) {
    const { count, weakest } = shown;
    const sentence = `It ranks ${rank} with a score of ${number(score)}; the answer ended after ${count}, the last with ${number(weakest)}.`;
    return [{ code: "belowCut", rank, score, cut: count, weakest, sentence }, ...folded];
  }
  if (holder !== undefined) return folded;
  if (rank > 0) return [{ code: "notFound", sentence: `Others stood before it then; asked now it ranks ${rank}.` }];
  const shared = evidence.terms.filter(({ spans }) => spans.length > 0).map(({ term }) => `“${term}”`);
  const what =
    shared.length > 0 ? `it has ${shared.join(", ")}, as others do that match better` : "it has no word of the query";
  return [{ code: "notFound", sentence: `No source brought it among ${again.results.length} candidates: ${what}.` }];
}

/** The answer names it under the result that says the same. */
function duplicateOf(id: string): Reason {
  const sentence = "It says the same as another memory, which is found in its place.";
  return { code: "duplicateOf", id, sentence };
}

function number(value: number): string {
  return value.toFixed(3);
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
