/**
 * Group commit: requests run in order against buffers that see the earlier ones', then all are written as one transaction
 * of the engine. One fsync for many requests (0.077 ms a memory in a hundred, 0.97 ms alone).
 */

import {
  type Clock,
  NexusError,
  type PartitionSeq,
  type RecordReader,
  type RecordTx,
  type TableName,
  type Tables,
} from "@nexus/core";

import { beginTransaction } from "./transaction.ts";
import { createWrites, type Writes } from "./writes.ts";

/** What a group has written for one tenant, and what it read by key from disk. */
export interface TenantBuffer {
  readonly writes: Writes;
  readonly durable: Map<string, Tables[TableName] | undefined>;
}

export type GroupBuffer = Map<string, TenantBuffer>;

export interface WriteRequest {
  readonly tenant: string;
  readonly partitions: readonly string[];
  readonly work: (tx: RecordTx) => Promise<unknown>;
  readonly resolve: (transacted: { value: unknown; seqs: readonly PartitionSeq[] }) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupOptions {
  readonly disk: (tenant: string) => RecordReader;
  readonly commit: (buffer: GroupBuffer) => Promise<void>;
  /** Waits before the nth repetition of a commit that collided. */
  readonly backOff: (attempt: number) => Promise<void>;
  readonly clock: Clock;
}

/** A group ends at whichever comes first; 2,000 rows commit in about 0.2 s. */
const MAX_REQUESTS = 64;
const MAX_ROWS = 2_000;
const MAX_BYTES = 8_388_608;
/** Collisions happen only where other processes write too. */
const MAX_ATTEMPTS = 6;

type Settle = () => void;

/** Runs the requests that `take` gives until it gives none or the group is full. Every one of them is settled; never rejects. */
export async function runGroup(take: () => WriteRequest | undefined, options: GroupOptions): Promise<void> {
  const buffer: GroupBuffer = new Map();
  const requests: WriteRequest[] = [];
  const settles: Settle[] = [];
  while (requests.length < MAX_REQUESTS && !isFull(buffer)) {
    const request = take();
    if (!request) break;
    requests.push(request);
    settles.push(await attempt(request, buffer, options));
  }
  try {
    await options.commit(buffer);
  } catch {
    // What any of them decided may rest on writes that are now lost, refusals included: all run again, each alone.
    for (const request of requests) await runAlone(request, options);
    return;
  }
  for (const settle of settles) settle();
}

async function runAlone(request: WriteRequest, options: GroupOptions): Promise<void> {
  for (let n = 1; ; n++) {
    const buffer: GroupBuffer = new Map();
    const settle = await attempt(request, buffer, options);
    try {
      await options.commit(buffer);
    } catch (error) {
      if (n < MAX_ATTEMPTS && error instanceof NexusError && error.code === "store.conflict") {
        await options.backOff(n);
        continue;
      }
      request.reject(error);
      return;
    }
    settle();
    return;
  }
}

/** Runs one `work` into the buffer, or not at all if it throws, and returns how to answer once the buffer is on disk. */
async function attempt(request: WriteRequest, buffer: GroupBuffer, options: GroupOptions): Promise<Settle> {
  try {
    const mine = buffer.get(request.tenant) ?? { writes: createWrites(), durable: new Map<string, undefined>() };
    buffer.set(request.tenant, mine);
    const disk = options.disk(request.tenant);
    const transaction = await beginTransaction(disk, mine, request.partitions, options.clock);
    try {
      const value = await request.work(transaction.tx);
      transaction.complete();
      mine.writes.take(transaction.writes);
      const seqs = transaction.seqs();
      return () => request.resolve({ value, seqs });
    } finally {
      transaction.end();
    }
  } catch (error) {
    return () => request.reject(error);
  }
}

function isFull(buffer: GroupBuffer): boolean {
  let rows = 0;
  let bytes = 0;
  for (const { writes } of buffer.values()) {
    rows += writes.size;
    bytes += writes.bytes;
  }
  return rows >= MAX_ROWS || bytes >= MAX_BYTES;
}
