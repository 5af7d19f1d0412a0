/** The port of the cache: forgetful by nature, so nothing may depend on finding what was put there. */

import type { Json } from "./json.ts";
import type { TenantScope } from "./scope.ts";

export interface CacheEntry {
  readonly key: string;
  readonly value: Json;
  readonly ttlSeconds: number;
}

/** An atomic change of an entry of numbers: fields to add to, fields to raise to at least a value. An absent field counts as 0. */
export interface CacheChange {
  readonly add?: Readonly<Record<string, number>>;
  readonly max?: Readonly<Record<string, number>>;
  /** Life of the entry, counted from when it was created: changes do not prolong it. */
  readonly ttlSeconds: number;
}

/** Values are kept as JSON: a `Date` comes back as its ISO text. */
export interface CacheStore {
  /** Values in the order asked; undefined where there is none, or none any more. */
  get(scope: TenantScope, keys: readonly string[]): Promise<(Json | undefined)[]>;
  set(scope: TenantScope, entries: readonly CacheEntry[]): Promise<void>;
  remove(scope: TenantScope, keys: readonly string[]): Promise<void>;
  /** The fields after the change. */
  update(scope: TenantScope, key: string, change: CacheChange): Promise<Record<string, number>>;
  /** Forgets everything of the tenant; how many entries that were. */
  clear(scope: TenantScope): Promise<number>;
}
