/** The keys that this server knows. Only their hashes are held: a dump of the process shows no key. */

import { equalBytes, type Grant, GRANTS, NexusError, type Problem } from "@nexus/core";
import { bytesToHex } from "@noble/hashes/utils.js";
import { readApiKey } from "./api-key-format.ts";
import { sha256Bytes } from "./digest.ts";

/** What a key is allowed, and for whom. */
export interface KeyRights {
  readonly tenant: string;
  readonly grants: readonly Grant[];
  readonly ratePerMinute: number;
}

/** A key as the server keeps it. */
export interface KnownKey extends KeyRights {
  /** From the key itself when we made it, else the beginning of its hash; fit for logs. */
  readonly keyId: string;
  /** SHA-256 of the whole key. */
  readonly hash: Uint8Array;
}

/** Looks a presented key up; fits `authenticate` of core. */
export type LookUpKey = (key: string) => Promise<KnownKey | undefined>;

const SHORTEST_KEY = 16;

export function knownKey(key: string, rights: KeyRights): KnownKey {
  const hash = sha256Bytes(key);
  const read = readApiKey(key);
  return { ...rights, keyId: read.form === "ours" ? read.keyId : name(hash), hash };
}

/** cost  one SHA-256 of the presented key, one map look-up, one comparison in constant time */
export function createKeyring(entries: readonly KnownKey[]): LookUpKey {
  const byName = new Map(entries.map((entry) => [name(entry.hash), entry]));
  return (key) => {
    if (readApiKey(key).form === "misspelt") return Promise.resolve(undefined);
    const hash = sha256Bytes(key);
    const entry = byName.get(name(hash));
    return Promise.resolve(entry && equalBytes(entry.hash, hash) ? entry : undefined);
  };
}

/**
 * Reads `NEXUS_API_KEYS`: `key:tenant:scopes` separated by commas, scopes joined by `+`.
 *
 * throws  `config.invalid` naming every problem by position, never by key
 */
export function parseApiKeys(text: string, options: { readonly ratePerMinute: number }): KnownKey[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const entries = text
    .split(",")
    .map((part) => part.trim())
    .map((part, i) => {
      const path = `NEXUS_API_KEYS.${i}`;
      const report = (message: string) => problems.push({ path, message });
      const [key = "", tenant = "", scopes = "", ...more] = part.split(":");
      if (part.split(":").length < 3 || more.length > 0) report("must have the form key:tenant:scopes");
      if (key.length < SHORTEST_KEY)
        report(`the key has ${key.length} characters, at least ${SHORTEST_KEY} are needed`);
      if (readApiKey(key).form === "misspelt") report("the key has a wrong check sum; copy it again");
      if (!isTenant(tenant)) report("the tenant must be 1 to 64 of A-Z a-z 0-9 . _ - and not begin with _");
      const grants = scopes.split("+");
      for (const grant of grants) if (!isGrant(grant)) report(`"${grant}" is no scope; there are ${GRANTS.join(", ")}`);
      if (seen.has(key)) report("the key was given before");
      seen.add(key);
      return knownKey(key, { tenant, grants: grants.filter(isGrant), ratePerMinute: options.ratePerMinute });
    });
  if (problems.length > 0) {
    const list = problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
    throw new NexusError("config.invalid", `[nexus/platform] ${list}`, { problems });
  }
  return entries;
}

/** Tenants beginning with `_` are ours: shared keys live there. */
function isTenant(text: string): boolean {
  return /^[A-Za-z0-9.-][A-Za-z0-9._-]{0,63}$/.test(text);
}

function isGrant(text: string): text is Grant {
  return (GRANTS as readonly string[]).includes(text);
}

function name(hash: Uint8Array): string {
  return bytesToHex(hash.subarray(0, 8));
}
