/** Ids made of names: what is named alike gets the same id from every writer. */

import { formatUuid, NAMESPACE_BYTES } from "@nexus/core";
import { nameKey } from "@nexus/text";
import { sha1 } from "@noble/hashes/legacy.js";

/** UUIDv5 of a text in the product's namespace. */
export function nameId(name: string): string {
  const text = new TextEncoder().encode(name);
  const bytes = new Uint8Array(NAMESPACE_BYTES.length + text.length);
  bytes.set(NAMESPACE_BYTES);
  bytes.set(text, NAMESPACE_BYTES.length);
  return formatUuid(sha1(bytes), 5);
}

/** Ids made for one batch, by what they are made of: names recur, and a SHA-1 costs 7 µs. */
export type KnownIds = Map<string, string>;

/** The entity of this partition, type and name. */
export function entityId(partition: string, type: string, name: string, known: KnownIds = new Map()): string {
  const full = `${partition}\0${type}\0${nameKey(name)}`;
  const id = known.get(full) ?? nameId(full);
  known.set(full, id);
  return id;
}
