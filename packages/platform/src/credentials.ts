/** Every credential that the server takes, behind one look-up: configured keys, keys in the store, user tokens; and the list of keys. */

import type { ApiKey, Grant, Subject } from "@nexus/core";
import { createKeyring, type KeyRights, type KnownKey } from "./api-keys.ts";
import type { KeyStore, NewKey } from "./key-store.ts";
import { isUserToken, type UserTokens } from "./user-tokens.ts";

/** What a credential may do; fits `authenticate` of core. */
interface Verdict extends KeyRights {
  readonly keyId: string;
  readonly subject?: Subject | undefined;
}

/** A key as its tenant may see it: never the secret, nor its hash. */
export interface KeyView {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Grant[];
  readonly ratePerMinute: number;
  readonly createdAt?: Date | undefined;
  readonly expiresAt?: Date | undefined;
  readonly revokedAt?: Date | undefined;
  /** Of the server's configuration: only its operator can take it away. */
  readonly readOnly: boolean;
}

export interface Credentials {
  /** undefined for what is unknown, wrong or revoked. throws auth.expired */
  verify(credential: string): Promise<Verdict | undefined>;
  /** Configured keys first, on the first page. */
  list(tenant: string, page: { readonly limit: number; readonly after?: string | undefined }): Promise<KeyView[]>;
  find(tenant: string, id: string): Promise<KeyView | undefined>;
  create(tenant: string, key: NewKey): Promise<{ readonly view: KeyView; readonly key: string }>;
  /** A configured key stays as it is: look at `readOnly` first. */
  revoke(tenant: string, id: string): Promise<KeyView | undefined>;
}

export function createCredentials(options: {
  /** Keys of the configuration. */
  readonly fixed: readonly KnownKey[];
  /** What they are called in lists, such as the name of the setting that they come from. */
  readonly fixedName: string;
  readonly store: KeyStore;
  readonly tokens: UserTokens;
  /** Of each user that tokens are for. */
  readonly userRatePerMinute: number;
}): Credentials {
  const { fixed, fixedName, store, tokens, userRatePerMinute } = options;
  const lookUp = createKeyring(fixed);
  const fixedOf = (tenant: string): KnownKey[] => fixed.filter((key) => key.tenant === tenant);

  const verifyToken = async (token: string): Promise<Verdict | undefined> => {
    const claims = tokens.read(token);
    if (!claims) return undefined;
    const { tenant, subject, grants, issuer } = claims;
    const stands = fixedOf(tenant).some(({ keyId }) => keyId === issuer) || (await store.isActive(tenant, issuer));
    if (!stands) return undefined;
    return { tenant, subject, grants, keyId: tokens.nameOf(claims), ratePerMinute: userRatePerMinute };
  };

  return {
    async verify(credential) {
      if (isUserToken(credential)) return await verifyToken(credential);
      return (await lookUp(credential)) ?? (await store.verify(credential));
    },
    async list(tenant, page) {
      const stored = await store.list(tenant, page);
      return [...(page.after === undefined ? fixedOf(tenant).map(fixedView) : []), ...stored.map(storedView)];
    },
    async find(tenant, id) {
      const known = fixedOf(tenant).find(({ keyId }) => keyId === id);
      if (known) return fixedView(known);
      const row = await store.find(tenant, id);
      return row && storedView(row);
    },
    async create(tenant, request) {
      const { row, key } = await store.create(tenant, request);
      return { view: storedView(row), key };
    },
    async revoke(tenant, id) {
      const row = await store.revoke(tenant, id);
      return row && storedView(row);
    },
  };

  function fixedView({ keyId, grants, ratePerMinute }: KnownKey): KeyView {
    return { id: keyId, name: fixedName, scopes: grants, ratePerMinute, readOnly: true };
  }
}

function storedView({ id, name, scopes, ratePerMinute, createdAt, expiresAt, revokedAt }: ApiKey): KeyView {
  return {
    id,
    name,
    scopes: scopes as readonly Grant[],
    ratePerMinute,
    createdAt,
    expiresAt,
    revokedAt,
    readOnly: false,
  };
}
