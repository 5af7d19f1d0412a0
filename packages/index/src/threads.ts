/** Memories by user and session: the lists that narrow a filtered search, and the order in which neighbours stand. */

import type { Filter, Neighbour } from "@nexus/core";
import type { MemoryEntry } from "./entry.ts";

/** The memories of one session of one user (either may be absent), by createdAt, then arrival. */
type Thread = MemoryEntry[];

/** The memories that a filter leaves, as the threads they stand in: counting them costs no copy of them. */
export interface Narrowed {
  readonly count: number;
  readonly threads: readonly (readonly MemoryEntry[])[];
}

export class Threads {
  readonly #users = new Map<string | undefined, Map<string | undefined, Thread>>();
  /** Memories of each user. */
  readonly #counts = new Map<string | undefined, number>();
  /** Threads that share a sessionId, whoever the user is. */
  readonly #sessions = new Map<string, Set<Thread>>();

  /** Cost: a binary search, and moving what comes later: nothing for the newest. */
  add(memory: MemoryEntry): void {
    const { userId, sessionId } = memory.payload;
    const sessions = obtain(this.#users, userId, () => new Map<string | undefined, Thread>());
    const thread = obtain(sessions, sessionId, (): Thread => []);
    thread.splice(placeIn(thread, memory), 0, memory);
    this.#counts.set(userId, (this.#counts.get(userId) ?? 0) + 1);
    if (sessionId !== undefined) obtain(this.#sessions, sessionId, () => new Set<Thread>()).add(thread);
  }

  remove(memory: MemoryEntry): void {
    const { userId, sessionId } = memory.payload;
    const sessions = this.#users.get(userId);
    const thread = sessions?.get(sessionId);
    if (!sessions || !thread) return;
    thread.splice(placeIn(thread, memory), 1);
    this.#counts.set(userId, (this.#counts.get(userId) ?? 0) - 1);
    if (thread.length > 0) return;
    sessions.delete(sessionId);
    if (sessions.size === 0) {
      this.#users.delete(userId);
      this.#counts.delete(userId);
    }
    if (sessionId === undefined) return;
    const shared = this.#sessions.get(sessionId);
    shared?.delete(thread);
    if (shared?.size === 0) this.#sessions.delete(sessionId);
  }

  /** The memories that equality on userId or sessionId, wherever all clauses must hold, leaves; undefined where no such clause exists. */
  narrow(filter: Filter): Narrowed | undefined {
    const userId = required(filter, "userId");
    const sessionId = required(filter, "sessionId");
    if (userId !== undefined) {
      const sessions = this.#users.get(userId);
      if (sessionId !== undefined) return narrowed([sessions?.get(sessionId) ?? []]);
      return { count: this.#counts.get(userId) ?? 0, threads: [...(sessions?.values() ?? [])] };
    }
    return sessionId === undefined ? undefined : narrowed(this.#sessions.get(sessionId));
  }

  /** The memories up to `places` before and after one in its session; none for one without a session. */
  beside(memory: MemoryEntry, places: number): Neighbour[] {
    const { userId, sessionId } = memory.payload;
    const thread = sessionId === undefined ? undefined : this.#users.get(userId)?.get(sessionId);
    if (!thread) return [];
    const at = placeIn(thread, memory);
    return thread
      .slice(Math.max(0, at - places), at + places + 1)
      .map((neighbour, i) => ({ payload: neighbour.payload, offset: i - Math.min(places, at) }))
      .filter(({ offset }) => offset !== 0);
  }
}

function narrowed(threads: Iterable<Thread> = []): Narrowed {
  const all = [...threads];
  return { count: all.reduce((sum, { length }) => sum + length, 0), threads: all };
}

/** The value that `field` must have for the filter to hold at all, if the filter says so at its top level. */
function required(filter: Filter, field: string): string | undefined {
  if ("all" in filter) {
    for (const inner of filter.all) {
      const value = required(inner, field);
      if (value !== undefined) return value;
    }
    return undefined;
  }
  if (!("field" in filter) || filter.field !== field || filter.operator !== "eq") return undefined;
  return typeof filter.value === "string" ? filter.value : undefined;
}

/** Where the memory stands, or would stand, in its thread. */
function placeIn(thread: Thread, memory: MemoryEntry): number {
  let low = 0;
  let high = thread.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(thread[middle]!, memory)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore({ payload: a }: MemoryEntry, { payload: b }: MemoryEntry): boolean {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt;
  if (a.addedSeq !== b.addedSeq) return a.addedSeq < b.addedSeq;
  return a.id < b.id;
}

function obtain<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const present = map.get(key);
  if (present !== undefined) return present;
  const made = make();
  map.set(key, made);
  return made;
}
