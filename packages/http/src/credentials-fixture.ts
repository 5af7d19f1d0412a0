/** Test support: credentials over a record store that is a map. */

import { type ApiKey, type Clock, keyOf, type RecordStore } from "@nexus/core";
import { type KeyVerdict, systemScopes } from "@nexus/core/authority";
import { createCredentials, createKeyStore, type Credentials, knownKey, type UserTokens } from "@nexus/platform";

/** Keys by what they may do, and one that the configuration gave. */
export function createTestCredentials(
  keys: Readonly<Record<string, KeyVerdict>>,
  { tokens, clock }: { readonly tokens: UserTokens; readonly clock: Clock },
): Credentials {
  const [scope] = systemScopes("test", ["_"]);
  if (!scope) throw new Error("no scope");
  let drawn = 0;
  const random = { bytes: (target: Uint8Array<ArrayBuffer>) => target.fill(++drawn % 256) };
  // Under the ids that the verdicts name, so that a token's issuer is found.
  const fixed = Object.entries(keys).map(([key, { keyId, ...rights }]) => ({ ...knownKey(key, rights), keyId }));
  const store = createKeyStore({ records: createKeyRows(), scope, clock, random });
  return createCredentials({ fixed, fixedName: "NEXUS_API_KEYS", store, tokens, userRatePerMinute: 600 });
}

/** As much of a record store as keys need. */
function createKeyRows(): RecordStore {
  const rows = new Map<string, ApiKey>();
  const reader = {
    get: (_table: string, keys: readonly (readonly string[])[]) =>
      Promise.resolve(keys.map(([id = ""]) => rows.get(id))),
    range: ({ after: [after = ""], limit }: { after: readonly string[]; limit: number }) => {
      const behind = [...rows.values()].filter(({ id }) => id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
      return Promise.resolve(behind.slice(0, limit));
    },
  };
  const put = (_table: string, row: ApiKey) => rows.set(String(keyOf("apiKey", row)[0]), row);
  const transact = async (_scope: unknown, _partitions: unknown, work: (tx: unknown) => Promise<unknown>) => ({
    value: await work({ ...reader, put }),
    seqs: [],
  });
  return { reader: () => reader, transact } as unknown as RecordStore;
}
