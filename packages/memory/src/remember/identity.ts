/** Step 2 of the write path: is this memory there already? By the caller's ids first, then by its words. */

import { canonicalJson, type Memory, NexusError, partitionOf, type RecordTx } from "@nexus/core";
import type { Settings } from "../defaults.ts";
import type { NewMemory } from "../requests.ts";
import { hasExpired } from "../subject.ts";
import type { PreparedMemory } from "./prepare.ts";

type Verdict = { readonly event: "new" } | { readonly event: "unchanged"; readonly memory: Memory };

/** Expired memories still hold ids or externalIds of the batch: they are to be forgotten first, perhaps in another user's partition. */
export class ExpiredHolders extends Error {
  readonly memories: readonly Memory[];

  constructor(memories: readonly Memory[]) {
    super("[nexus/memory] expired memories hold ids of this write");
    this.memories = memories;
  }
}

/** What a batch may collide with: read once for all of its items, and told of each memory that the batch adds. */
export interface Known {
  /** throws  memory.exists when the caller's id or externalId names a memory that holds something else */
  judge(item: PreparedMemory): Verdict;
  add(memory: Memory): void;
  /** A memory that was there and is no longer what it was. */
  replace(memory: Memory): void;
}

/** Memories of one text looked at for each item: "ok" may be said in many conversations on one day. */
const SAME_WORDS = 64;

/** throws  ExpiredHolders */
export async function readKnown(
  tx: RecordTx,
  batch: readonly PreparedMemory[],
  { now, settings }: { now: number; settings: Pick<Settings, "duplicateWindowMs"> },
): Promise<Known> {
  const ids = batch.flatMap(({ input }) => (input.id === undefined ? [] : [[input.id]]));
  const externalIds = batch.flatMap(({ input }) => (input.externalId === undefined ? [] : [[input.externalId]]));
  const unnamed = batch.filter(({ input }) => !isNamed(input));
  const contents = unnamed.map(({ input, text }) => [partitionOf(input.userId), text.contentHash]);
  const times = unnamed.map(({ input }) => input.createdAt?.getTime() ?? now);
  const [byId, byExternalId, byContent] = await Promise.all([
    ids.length > 0 ? tx.get("memory", ids) : [],
    externalIds.length > 0
      ? tx.find({ index: "memoryByExternalId", anyOf: externalIds, limit: externalIds.length })
      : [],
    contents.length > 0
      ? tx.find({
          index: "memoryByContent",
          anyOf: contents,
          from: Math.min(...times) - settings.duplicateWindowMs,
          to: Math.max(...times) + settings.duplicateWindowMs + 1,
          limit: SAME_WORDS * unnamed.length,
        })
      : [],
  ]);
  const expired = [...byId, ...byExternalId].filter((memory) => memory !== undefined && hasExpired(memory, now));
  if (expired.length > 0) throw new ExpiredHolders([...new Set(expired as Memory[])]);
  const known = new Index();
  for (const memory of [...byId, ...byExternalId, ...byContent]) if (memory) known.add(memory);
  return {
    add: (memory) => known.add(memory),
    replace: (memory) => known.replace(memory),
    judge: ({ input, text }) => judge(known, input, text.contentHash, now, settings.duplicateWindowMs),
  };
}

class Index {
  readonly byId = new Map<string, Memory>();
  readonly byExternalId = new Map<string, Memory>();
  readonly byContent = new Map<string, Memory[]>();

  add(memory: Memory): void {
    if (this.byId.has(memory.id)) return;
    this.byId.set(memory.id, memory);
    if (memory.externalId !== undefined) this.byExternalId.set(memory.externalId, memory);
    const key = contentKey(memory.userId, memory.contentHash);
    this.byContent.set(key, [...(this.byContent.get(key) ?? []), memory]);
  }

  replace(memory: Memory): void {
    if (!this.byId.has(memory.id)) return;
    this.byId.set(memory.id, memory);
    if (memory.externalId !== undefined) this.byExternalId.set(memory.externalId, memory);
    const key = contentKey(memory.userId, memory.contentHash);
    const same = this.byContent.get(key) ?? [];
    this.byContent.set(
      key,
      same.map((one) => (one.id === memory.id ? memory : one)),
    );
  }
}

function judge(known: Index, input: NewMemory, contentHash: string, now: number, windowMs: number): Verdict {
  const taken = [
    input.id === undefined ? undefined : known.byId.get(input.id),
    input.externalId === undefined ? undefined : known.byExternalId.get(input.externalId),
  ].filter((memory) => memory !== undefined);
  if (taken[0]) {
    if (taken.every((memory) => memory === taken[0] && isSameRequest(memory, input)))
      return { event: "unchanged", memory: taken[0] };
    throw new NexusError(
      "memory.exists",
      "[nexus/memory] the id or externalId belongs to a memory with other content, metadata or scope; change that one with PATCH, or choose another id",
    );
  }
  if (isNamed(input)) return { event: "new" };
  const createdAt = (input.createdAt ?? new Date(now)).getTime();
  const duplicate = known.byContent
    .get(contentKey(input.userId, contentHash))
    ?.find((memory) => isDuplicate(memory, input, createdAt, windowMs) && !hasExpired(memory, now));
  return duplicate ? { event: "unchanged", memory: duplicate } : { event: "new" };
}

/** What the caller names is compared with what bears that name, not with what reads the same. */
function isNamed({ id, externalId }: NewMemory): boolean {
  return id !== undefined || externalId !== undefined;
}

function isSameRequest(memory: Memory, input: NewMemory): boolean {
  return (
    memory.content === input.content &&
    memory.userId === input.userId &&
    memory.agentId === input.agentId &&
    canonicalJson(memory.metadata) === canonicalJson(input.metadata)
  );
}

/** Same words, agent, speaker and metadata, in one conversation (or outside any), close in time. */
function isDuplicate(memory: Memory, input: NewMemory, createdAt: number, windowMs: number): boolean {
  return (
    memory.status === "active" &&
    memory.content.normalize("NFC") === input.content.normalize("NFC") &&
    memory.agentId === input.agentId &&
    memory.sessionId === input.sessionId &&
    memory.speaker === input.speaker &&
    memory.validFrom?.getTime() === input.validFrom?.getTime() &&
    memory.validTo?.getTime() === input.validTo?.getTime() &&
    memory.expiresAt?.getTime() === input.expiresAt?.getTime() &&
    Math.abs(memory.createdAt.getTime() - createdAt) <= windowMs &&
    canonicalJson(memory.metadata) === canonicalJson(input.metadata)
  );
}

function contentKey(userId: string | undefined, contentHash: string): string {
  return `${contentHash}${partitionOf(userId)}`;
}
