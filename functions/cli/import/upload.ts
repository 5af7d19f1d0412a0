/** Sends rows in batches; a row that the server refuses is named, and the rest goes on. */

import { type NexusClient, NexusClientError, type Remembered } from "@nexus/client";
import { withoutOrigin } from "../failure.ts";
import { batchesOf, batchKey } from "./batches.ts";
import { problemsByRow } from "./check.ts";
import type { BadRow, Row } from "./rows.ts";

export type Tally = Record<Remembered["results"][number]["event"], number>;

export interface UploadOptions {
  readonly client: NexusClient;
  readonly fileHash: string;
  readonly signal: AbortSignal;
  readonly onBad: (row: BadRow) => void;
  /** Rows that are done, refused ones among them. */
  readonly onProgress: (done: number) => void;
}

/** The request's fault, in one of its rows; anything else ends the import. */
const ROW_STATUSES = new Set([400, 409, 413, 422]);

/** throws  what ends the import: no permission, no server, a full disk */
export async function upload(rows: readonly Row[], options: UploadOptions): Promise<Tally> {
  const tally: Tally = { added: 0, merged: 0, superseded: 0, unchanged: 0, failed: 0 };
  let done = 0;
  for (const batch of batchesOf(rows)) {
    await sendBatch(batch, options, tally);
    done += batch.length;
    options.onProgress(done);
  }
  return tally;
}

async function sendBatch(batch: readonly Row[], options: UploadOptions, tally: Tally): Promise<void> {
  if (batch.length === 0) return;
  let answer: Remembered;
  try {
    answer = await sendOnce(batch, options);
  } catch (error) {
    if (!(error instanceof NexusClientError && ROW_STATUSES.has(error.status))) throw error;
    return sendRest(batch, error, options, tally);
  }
  for (const [i, { event, error }] of answer.results.entries()) {
    tally[event]++;
    if (event === "failed") options.onBad({ line: batch[i]?.line ?? 0, detail: withoutOrigin(error?.detail ?? "") });
  }
}

/** Without the rows that the answer names; when it names none, half by half until the row is found. */
async function sendRest(
  batch: readonly Row[],
  error: NexusClientError,
  options: UploadOptions,
  tally: Tally,
): Promise<void> {
  const problems = problemsByRow(error.errors);
  if (problems.size === 0 && batch.length > 1) {
    const middle = batch.length >> 1;
    await sendBatch(batch.slice(0, middle), options, tally);
    return sendBatch(batch.slice(middle), options, tally);
  }
  if (problems.size === 0) problems.set(0, withoutOrigin(error.detail));
  for (const [i, detail] of problems) options.onBad({ line: batch[i]?.line ?? 0, detail });
  tally.failed += problems.size;
  return sendBatch(
    batch.filter((_, i) => !problems.has(i)),
    options,
    tally,
  );
}

async function sendOnce(batch: readonly Row[], { client, fileHash, signal }: UploadOptions): Promise<Remembered> {
  const memories = batch.map(({ memory }) => memory);
  const key = batchKey(fileHash, batch);
  const answer = await client.remember(memories, { signal, idempotencyKey: key });
  // The server repeats its answer of an earlier run, even when those memories have been forgotten since.
  const isThere = await firstIsThere(answer, batch, client, signal);
  if (isThere) return answer;
  return client.remember(memories, { signal, idempotencyKey: `${key}-${crypto.randomUUID()}` });
}

async function firstIsThere(
  answer: Remembered,
  batch: readonly Row[],
  client: NexusClient,
  signal: AbortSignal,
): Promise<boolean> {
  const lasting = answer.results.findIndex(({ event }, i) => event === "added" && !batch[i]?.memory.expiresAt);
  const id = answer.results[lasting]?.id;
  if (id === undefined || id === null) return true;
  try {
    await client.get(id, { signal });
    return true;
  } catch (error) {
    if (error instanceof NexusClientError && error.code === "memory.not_found") return false;
    // A key that may write but not read: the answer has to be believed.
    if (error instanceof NexusClientError && error.code === "auth.scope") return true;
    throw error;
  }
}
