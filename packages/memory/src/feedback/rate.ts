/** A rating: one transaction for its row, the memory's quality, and what its user is taken to prefer. */

import {
  type Feedback,
  type Json,
  type Memory,
  NexusError,
  partitionOf,
  type PartitionSeq,
  type RecordTx,
} from "@nexus/core";
import { rerated } from "../engines/accuracy.ts";
import { emptyProfile, learn, relearn, sinceOf } from "../engines/learning.ts";
import { packQuestion } from "../engines/question-vector.ts";
import { newJob } from "../jobs/queue.ts";
import { type KeptAnswer, keptAnswer } from "../recall/answers.ts";
import { earlierAnswer, once } from "../remember/idempotency.ts";
import { nameId } from "../remember/name-id.ts";
import { notFound } from "../remember/read.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import type { Writer } from "../requests.ts";
import { hasExpired } from "../subject.ts";
import type { FeedbackRequest, Rating } from "./feedback-service.ts";
import { featuresOfRating, ratedOf } from "./rating-features.ts";

export type FeedbackDependencies = RememberDependencies;

/** Quality of a memory that was written before qualities were. */
const UNKNOWN_QUALITY = 0.5;
/** Ratings of one memory that are read to tell its mean. */
const MAX_RATINGS = 10_000;
/** Ratings of one user read when a rating is taken back: the last ones that its profile could still show. */
const MAX_RELEARNT = 10_000;
/** A user's ratings between two runs of the job that learns for the tenant. */
const LEARN_EVERY = 100;

export async function rate(writer: Writer, request: FeedbackRequest, deps: FeedbackDependencies): Promise<Rating> {
  const { records, clock, settings } = deps;
  const reader = records.reader(writer.scope);
  const now = clock.now();
  // The same rating sent again may come when the answer that it is of is no longer kept.
  const earlier = await earlierAnswer<Json>(reader, writer, { now });
  if (earlier !== undefined) return earlier as unknown as Rating;
  const answer = await keptAnswer(writer.scope, request.queryId, deps);
  requireOwn(request, answer);
  const partition = await partitionOfRated(request, answer, { reader, now });
  const question = request.memoryId === undefined ? undefined : await questionOf(answer, deps);
  const { value, seqs } = await deps.partitions.during(writer.scope, [partition], () =>
    records.transact(writer.scope, [partition], (tx) =>
      once(tx, writer, { now, ttlSeconds: settings.idempotencyTtlSeconds }, async () => {
        const written = await put(tx, { writer, request, answer, question, partition, now }, deps);
        return written as unknown as Json;
      }),
    ),
  );
  if (request.memoryId !== undefined)
    await deps.projector.project(writer.scope, { entries: seqs, memoryIds: seqs.map(() => request.memoryId ?? "") });
  return value as unknown as Rating;
}

/** throws  query.not_found for an answer to somebody else: a token cannot tell it from one that is not kept */
function requireOwn({ subject }: FeedbackRequest, { request }: KeptAnswer): void {
  if (!subject) return;
  const fields = ["userId", "agentId", "sessionId"] as const;
  if (fields.every((field) => subject[field] === undefined || subject[field] === request[field])) return;
  throw new NexusError(
    "query.not_found",
    "[nexus/memory] no answer to this user is kept under this queryId; ask again",
  );
}

/** throws  body.invalid for a memory that was not in the answer, memory.not_found for one that is gone */
async function partitionOfRated(
  { memoryId }: FeedbackRequest,
  answer: KeptAnswer,
  { reader, now }: { readonly reader: Pick<RecordTx, "get">; readonly now: number },
): Promise<string> {
  if (memoryId === undefined) return partitionOf(answer.request.userId);
  if (!answer.results.some(({ id }) => id === memoryId)) {
    const message = "was not among the results of this query; rate one that was, or leave it out to rate the answer";
    throw new NexusError("body.invalid", `[nexus/memory] memoryId ${message}`, {
      problems: [{ path: "memoryId", message }],
    });
  }
  const [memory] = await reader.get("memory", [[memoryId]]);
  if (!memory || hasExpired(memory, now)) throw notFound(memoryId);
  return partitionOf(memory.userId);
}

interface Given {
  readonly writer: Writer;
  readonly request: FeedbackRequest;
  readonly answer: KeptAnswer;
  /** The question's vector, packed. */
  readonly question: Json | undefined;
  readonly partition: string;
  readonly now: number;
}

async function put(
  tx: RecordTx,
  { writer, request, answer, question, partition, now }: Given,
  deps: FeedbackDependencies,
): Promise<Rating> {
  const { queryId, memoryId, rating, comment } = request;
  const id = nameId(`feedback\0${writer.keyId}\0${queryId}\0${memoryId ?? ""}`);
  const [former] = await tx.get("feedback", [[partition, id]]);
  const [memory] = memoryId === undefined ? [] : await tx.get("memory", [[memoryId]]);
  if (memoryId !== undefined && (!memory || hasExpired(memory, now))) throw notFound(memoryId);
  const features = { ...featuresOfRating(answer, memory), ...(question !== undefined && { question }) };
  const row: Feedback = { id, partition, queryId, memoryId, rating, comment, features, createdAt: new Date(now) };
  const seqs = memory ? [{ partition, seq: await rateMemory(tx, memory, row) }] : [];
  // Whoever searches a whole tenant says nothing of what one of its users likes.
  if (memory && partitionOf(answer.request.userId) === partition) await follow(tx, row, former, deps);
  tx.put("feedback", row);
  return { id, seqs: seqs satisfies readonly PartitionSeq[] };
}

/** The answer keeps the text of its question for a day; the rating keeps its vector. */
async function questionOf({ request }: KeptAnswer, { embedder }: FeedbackDependencies): Promise<Json | undefined> {
  const [vector] = await embedder.embed([request.query]);
  return vector && packQuestion(embedder.describe().model, vector);
}

/** Puts the rating into the memory's quality; the sequence of the change. */
async function rateMemory(tx: RecordTx, memory: Memory, row: Feedback): Promise<number> {
  const rows = await tx.find({ index: "feedbackByMemory", anyOf: [[memory.id]], limit: MAX_RATINGS });
  const others = rows.filter(({ id }) => id !== row.id);
  const quality = rerated(memory.quality ?? UNKNOWN_QUALITY, totals(rows), totals([...others, row]));
  const partition = partitionOf(memory.userId);
  const seq = tx.change(partition, { op: "updated", memoryId: memory.id, version: memory.version, memories: 0 });
  tx.put("memory", { ...memory, quality, seq });
  return seq;
}

/** A rating of 0 is none. */
function totals(rows: readonly Feedback[]): { ratingSum: number; ratingCount: number } {
  const told = rows.filter(({ rating }) => rating !== 0);
  return { ratingSum: told.reduce((sum, { rating }) => sum + rating, 0), ratingCount: told.length };
}

/** Learns the rating, or, when it replaces one, learns all of the user's ratings anew. */
async function follow(
  tx: RecordTx,
  row: Feedback,
  former: Feedback | undefined,
  deps: FeedbackDependencies,
): Promise<void> {
  const { partition } = row;
  const [profile] = await tx.get("profile", [[partition]]);
  if (!former) {
    const next = learn(profile ?? emptyProfile(partition, 0), ratedOf(row));
    tx.put("profile", next);
    if (next.ratingCount % LEARN_EVERY === 0 && row.rating !== 0) tx.put("job", newJob("learn", {}, deps));
    return;
  }
  const rows = await tx.range({ table: "feedback", prefix: [partition], limit: MAX_RELEARNT });
  const kept = rows.filter(({ id, memoryId }) => id !== row.id && memoryId !== undefined);
  tx.put("profile", relearn(partition, [...kept, row].map(ratedOf), sinceOf(profile)));
}
