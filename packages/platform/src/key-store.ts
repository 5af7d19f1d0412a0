/** API keys as rows: made, listed, revoked, and verified from a short memory of what was read. */

import {
  type ApiKey,
  type Clock,
  equalBytes,
  type Grant,
  GRANTS,
  NexusError,
  type Random,
  type RecordStore,
  type TenantScope,
} from "@nexus/core";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { generateApiKey, readApiKey } from "./api-key-format.ts";
import type { KeyRights } from "./api-keys.ts";
import { sha256Bytes, sha256Hex } from "./digest.ts";

export interface NewKey {
  readonly name: string;
  readonly scopes: readonly Grant[];
  readonly ratePerMinute: number;
  readonly expiresAt?: Date | undefined;
}

export interface KeyStore {
  /** The row, and the key itself, which nothing keeps. */
  create(tenant: string, key: NewKey): Promise<{ readonly row: ApiKey; readonly key: string }>;
  find(tenant: string, id: string): Promise<ApiKey | undefined>;
  /** In the order of their ids, those behind `after`; revoked ones too. */
  list(tenant: string, page: { readonly limit: number; readonly after?: string | undefined }): Promise<ApiKey[]>;
  /** undefined when the tenant has no such key. Revoking twice keeps the first time. */
  revoke(tenant: string, id: string): Promise<ApiKey | undefined>;
  /** undefined for an unknown, wrong or revoked key. throws auth.expired */
  verify(key: string): Promise<(KeyRights & { readonly keyId: string }) | undefined>;
  /** Whether the tenant has this key and it is neither revoked nor expired. */
  isActive(tenant: string, id: string): Promise<boolean>;
}

/** How long a row is believed: another process may have revoked it since. */
const KNOWN_MS = 60_000;
/** The same of "there is no such key", shorter, since the key may just have been made elsewhere. */
const UNKNOWN_MS = 10_000;
const MOST_REMEMBERED = 10_000;
/** Hexadecimal digits that the ids of one tenant's keys share. */
const SHARED_DIGITS = 8;

interface Remembered {
  readonly row: ApiKey | undefined;
  readonly until: number;
}

/**
 * Keys of all tenants in the tables of the system's own tenant, whose scope is `scope`.
 *
 * cost  of a verification: two SHA-256 blocks, and a read by key at most once a minute and key
 */
export function createKeyStore(options: {
  readonly records: RecordStore;
  readonly scope: TenantScope;
  readonly clock: Clock;
  readonly random: Random;
}): KeyStore {
  const { records, scope, clock, random } = options;
  const remembered = new Map<string, Remembered>();

  const remember = (id: string, row: ApiKey | undefined): void => {
    const oldest = remembered.size >= MOST_REMEMBERED ? remembered.keys().next().value : undefined;
    if (oldest !== undefined) remembered.delete(oldest);
    remembered.set(id, { row, until: clock.now() + (row && !row.revokedAt ? KNOWN_MS : UNKNOWN_MS) });
  };

  const read = async (id: string): Promise<ApiKey | undefined> => {
    const known = remembered.get(id);
    if (known && known.until > clock.now()) return known.row;
    remembered.delete(id);
    const [row] = await records.reader(scope).get("apiKey", [[id]]);
    remember(id, row);
    return row;
  };

  const hasExpired = ({ expiresAt }: ApiKey): boolean => expiresAt !== undefined && expiresAt.getTime() <= clock.now();

  return {
    async create(tenant, { name, scopes, ratePerMinute, expiresAt }) {
      const createdAt = new Date(clock.now());
      const { value } = await records.transact(scope, [], async (tx) => {
        for (;;) {
          const id = idsOf(tenant) + bytesToHex(random.bytes(new Uint8Array(4)));
          const [taken] = await tx.get("apiKey", [[id]]);
          if (taken) continue;
          const key = generateApiKey(random, "live", id);
          const secretHash = sha256Hex(secretOf(key));
          const row: ApiKey = { id, tenant, name, secretHash, scopes, ratePerMinute, createdAt, expiresAt };
          tx.put("apiKey", row);
          return { row, key };
        }
      });
      remember(value.row.id, value.row);
      return value;
    },

    async find(tenant, id) {
      const [row] = await records.reader(scope).get("apiKey", [[id]]);
      return row?.tenant === tenant ? row : undefined;
    },

    async list(tenant, { limit, after }) {
      const shared = idsOf(tenant);
      const rows = await records.reader(scope).range({
        table: "apiKey",
        prefix: [],
        after: [after !== undefined && after > shared ? after : shared],
        limit,
      });
      // The digits of two tenants may be the same, once in 4 billion pairs.
      return rows.filter((row) => row.id.startsWith(shared) && row.tenant === tenant);
    },

    async revoke(tenant, id) {
      const { value } = await records.transact(scope, [], async (tx) => {
        const [row] = await tx.get("apiKey", [[id]]);
        if (row?.tenant !== tenant) return undefined;
        const revoked = { ...row, revokedAt: row.revokedAt ?? new Date(clock.now()) };
        tx.put("apiKey", revoked);
        return revoked;
      });
      if (value) remember(id, value);
      return value;
    },

    async verify(key) {
      const presented = readApiKey(key);
      if (presented.form !== "ours") return undefined;
      const row = await read(presented.keyId);
      if (!row || !equalBytes(hexToBytes(row.secretHash), sha256Bytes(presented.secret))) return undefined;
      if (row.revokedAt) return undefined;
      if (hasExpired(row)) throw new NexusError("auth.expired", "[nexus/auth] the key has expired; make a new one");
      const { id: keyId, tenant, scopes, ratePerMinute } = row;
      return { keyId, tenant, ratePerMinute, grants: GRANTS.filter((grant) => scopes.includes(grant)) };
    },

    async isActive(tenant, id) {
      const row = await read(id);
      return row !== undefined && row.tenant === tenant && !row.revokedAt && !hasExpired(row);
    },
  };
}

/** The beginning of the ids of a tenant's keys: rows sort by id, so that a tenant's lie together without an index. */
function idsOf(tenant: string): string {
  return sha256Hex(tenant).slice(0, SHARED_DIGITS);
}

function secretOf(key: string): string {
  const read = readApiKey(key);
  if (read.form === "ours") return read.secret;
  throw new NexusError("internal.unexpected", "[nexus/platform] a new key cannot be read");
}
