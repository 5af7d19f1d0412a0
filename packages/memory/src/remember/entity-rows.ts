/** The rows of entities: how many memories name each, kept exact by the transactions that write and forget memories. */

import { type Entity, type Memory, type MentionedEntity, partitionOf, type RecordTx } from "@nexus/core";
import { nameKey } from "@nexus/text";

/** Entities that a transaction touches: read once, counted, written once. */
export interface EntityRows {
  count(memory: Memory): void;
  /** Takes a memory's mentions off; an entity that nothing names any more goes. */
  discount(memory: Memory): void;
  write(): void;
}

const MAX_ALIASES = 16;

/** `partitions` and entities that later calls may name. Cost: one read by key. */
export async function readEntityRows(
  tx: RecordTx,
  owners: readonly { readonly partition: string; readonly entities: readonly MentionedEntity[] }[],
): Promise<EntityRows> {
  const keys = new Map<string, readonly [string, string]>();
  for (const { partition, entities } of owners)
    for (const { id } of entities) keys.set(`${partition}\0${id}`, [partition, id]);
  const rows = keys.size === 0 ? [] : await tx.get("entity", [...keys.values()]);
  const known = new Map<string, Entity>();
  [...keys.keys()].forEach((key, i) => {
    const row = rows[i];
    if (row) known.set(key, row);
  });
  const changed = new Map<string, Entity>();
  const present = (key: string): Entity | undefined => changed.get(key) ?? known.get(key);
  return {
    count(memory) {
      const partition = partitionOf(memory.userId);
      for (const mention of memory.entities ?? []) {
        const key = `${partition}\0${mention.id}`;
        changed.set(key, seen(present(key) ?? unseen(partition, mention, memory.createdAt), mention, memory.createdAt));
      }
    },
    discount(memory) {
      const partition = partitionOf(memory.userId);
      for (const { id } of memory.entities ?? []) {
        const row = present(`${partition}\0${id}`);
        if (row) changed.set(`${partition}\0${id}`, { ...row, frequency: row.frequency - 1 });
      }
    },
    write() {
      for (const row of changed.values()) {
        if (row.frequency > 0) tx.put("entity", row);
        else tx.remove("entity", [row.partition, row.id]);
      }
    },
  };
}

function unseen(partition: string, { id, name, type }: MentionedEntity, at: Date): Entity {
  return {
    partition,
    id,
    type,
    name,
    nameKey: nameKey(name),
    aliases: [],
    frequency: 0,
    firstSeenAt: at,
    lastSeenAt: at,
  };
}

function seen(row: Entity, { name }: MentionedEntity, at: Date): Entity {
  const isNew = name !== row.name && !row.aliases.includes(name) && row.aliases.length < MAX_ALIASES;
  return {
    ...row,
    aliases: isNew ? [...row.aliases, name] : row.aliases,
    frequency: row.frequency + 1,
    firstSeenAt: at < row.firstSeenAt ? at : row.firstSeenAt,
    lastSeenAt: at > row.lastSeenAt ? at : row.lastSeenAt,
  };
}
