/** Cached vectors in append-only segment files, so that a process that was killed starts warm. */

import { silent, type Telemetry } from "@nexus/core";
import { encodeCacheRecord } from "./cache-record.node.ts";
import { CacheSegments, type Segment } from "./cache-segments.node.ts";
import type { CacheDisk } from "./embedding-cache.ts";

export interface CacheDiskOptions {
  /** Made where it is absent. One process at a time. */
  readonly directory: string;
  readonly maxBytes: number;
  /** How long an entry is good for; it is written again after that. 0: for ever. */
  readonly ttlSeconds: number;
  readonly telemetry?: Telemetry | undefined;
}

/** Where the latest copy of a key lies. */
interface Place {
  readonly segment: number;
  readonly storedAt: number;
  /** Served since it was written: it goes on when its segment is given up. */
  used: boolean;
}

/** Segments that share the room: the oldest is given up whole. */
const SEGMENTS = 64;
/** What waits for a slow disk; more is not written at all. */
const MAX_WAITING_BYTES = 67_108_864;

/**
 * Appends without waiting and without `fsync`: what the operating system has been handed, milliseconds after `write`,
 * survives kill -9; a power cut may cost the last half minute. Files are synced when they are full and at `close`.
 * When the room is used up the oldest segment goes; of its entries those that have served since are written anew, up to
 * half of it.
 *
 * throws  `forget` only: what the disk says when the files of one that has failed cannot be removed either
 */
export function createCacheDisk(options: CacheDiskOptions): CacheDisk {
  const { directory, maxBytes, telemetry = silent } = options;
  const ttlMs = options.ttlSeconds === 0 ? Infinity : options.ttlSeconds * 1_000;
  const places = new Map<string, Place>();
  const segments = new CacheSegments(directory, Math.ceil(maxBytes / SEGMENTS));
  let waiting: { readonly key: string; readonly storedAt: number; readonly record: Buffer }[] = [];
  let waitingBytes = 0;
  /** Entries wait until what is there was read. */
  let state: "unread" | "open" | "ended" = "unread";
  /** The disk has failed: what is on it is not known for certain. */
  let isBroken = false;
  let isScheduled = false;
  let turn: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  /** Gives up a segment that is not written to; of its latest copies those that `keeps` names are written anew first. */
  const giveUp = async (
    segment: Segment,
    keeps: (key: string, place: Place, bytes: Buffer) => boolean,
  ): Promise<void> => {
    const kept: { key: string; storedAt: number; bytes: Buffer }[] = [];
    await segments.read(segment, ({ key, storedAt }, bytes) => {
      const place = places.get(key);
      if (place?.segment !== segment.number) return;
      places.delete(key);
      if (keeps(key, place, bytes)) kept.push({ key, storedAt, bytes });
    });
    for (const { key, storedAt, bytes } of kept)
      places.set(key, { segment: await segments.append(bytes), storedAt, used: false });
    await segments.remove(segment);
  };
  const shrink = async (): Promise<void> => {
    while (segments.all.length > 1 && segments.bytes > maxBytes) {
      const oldest = segments.all[0] as Segment;
      let room = oldest.bytes / 2;
      await giveUp(oldest, (_, place, bytes) => place.used && (room -= bytes.length) >= 0);
    }
  };
  const writeWaiting = async (): Promise<void> => {
    isScheduled = false;
    const group = waiting;
    waiting = [];
    waitingBytes = 0;
    if (group.length === 0) return;
    const segment = await segments.append(Buffer.concat(group.map(({ record }) => record)));
    for (const { key, storedAt } of group) places.set(key, { segment, storedAt, used: false });
    await shrink();
  };
  /** The disk is left alone from now on: what is cached stays in memory. */
  const fail = (error: unknown): void => {
    state = "ended";
    isBroken = true;
    waiting = [];
    waitingBytes = 0;
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    telemetry.log("warn", "the embedding cache is kept in memory only from now on: its files cannot be written", {
      code,
    });
  };
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      if (state === "open") await work();
    } catch (error) {
      fail(error);
    }
  };
  const schedule = (): void => {
    if (isScheduled || state !== "open") return;
    isScheduled = true;
    void inTurn(() => guarded(writeWaiting));
  };
  const readAll = async (visit: Parameters<CacheDisk["load"]>[0]): Promise<void> => {
    await segments.open(({ key, value, storedAt }, segment) => {
      places.set(key, { segment, storedAt, used: false });
      visit(key, value, storedAt);
    });
    state = "open";
    schedule();
  };
  const forgetKnown = async (prefix: string): Promise<void> => {
    waiting = waiting.filter(({ key }) => !key.startsWith(prefix));
    const holding = new Set([...places].filter(([key]) => key.startsWith(prefix)).map(([, { segment }]) => segment));
    if (holding.size === 0) return;
    await segments.seal();
    // Every segment up to the last one that holds something of it: an older copy may lie in any of them.
    const latest = Math.max(...holding);
    for (const segment of segments.all.filter(({ number }) => number <= latest))
      await giveUp(segment, (key) => !key.startsWith(prefix));
  };
  /** On a disk that fails nobody can say where a tenant's vectors are, and all of them can be computed again. */
  const forgetAll = async (): Promise<void> => {
    places.clear();
    await segments.removeAll();
  };
  return {
    load: (visit) =>
      inTurn(async () => {
        if (state === "unread") await readAll(visit).catch(fail);
      }),
    write(key, value, storedAt) {
      if (state === "ended") return;
      const known = places.get(key);
      if (known && storedAt - known.storedAt < ttlMs) return;
      const record = encodeCacheRecord({ key, value, storedAt });
      if (waitingBytes + record.length > MAX_WAITING_BYTES) return;
      waiting.push({ key, storedAt, record });
      waitingBytes += record.length;
      schedule();
    },
    used(key) {
      const place = places.get(key);
      if (place) place.used = true;
    },
    forget: (prefix) =>
      inTurn(async () => {
        if (state === "unread") await readAll(() => {}).catch(fail);
        if (!isBroken) await forgetKnown(prefix).catch(fail);
        if (isBroken) await forgetAll();
      }),
    flush: () => inTurn(() => guarded(writeWaiting)),
    close: () =>
      inTurn(async () => {
        await guarded(writeWaiting);
        state = "ended";
        await segments.seal();
      }),
  };
}
