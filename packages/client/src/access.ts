/** The client's methods about who may call: tokens for users, keys for servers. */

import type { keysToWire, keyToWire, newKeyToWire, tokenToWire } from "@nexus/protocol";
import type { CallOptions } from "./requests.ts";
import type { Call, Transport } from "./transport.ts";

export interface TokenRequest {
  readonly userId: string;
  readonly agentId?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
  /** At most those of the key that asks. */
  readonly scopes: readonly ("read" | "write" | "realtime")[];
  /** At most 3,600; 900 if left out. */
  readonly ttlSeconds?: number | undefined;
}

export interface KeyRequest {
  readonly name: string;
  readonly scopes: readonly ("read" | "write" | "admin" | "realtime")[];
  readonly ratePerMinute?: number | undefined;
  readonly expiresAt?: string | undefined;
}

export interface KeysRequest {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export type UserToken = ReturnType<typeof tokenToWire>;
export type Key = ReturnType<typeof keyToWire>;
export type NewKey = ReturnType<typeof newKeyToWire>;
export type KeyPage = ReturnType<typeof keysToWire>;

export interface AccessClient {
  /**
   * A token that a phone or browser may use as its key, for one user alone.
   *
   *     const { token } = await nexus.createToken({ userId: "ana", scopes: ["read", "write"] });
   */
  createToken(request: TokenRequest, options?: CallOptions): Promise<UserToken>;
  /** A new key of the caller's tenant, which this answer alone shows. It is never asked for twice by itself: after a failure, look at `keys`. */
  createKey(request: KeyRequest, options?: CallOptions): Promise<NewKey>;
  /** One page of the tenant's keys, revoked ones too. */
  keys(request?: KeysRequest, options?: CallOptions): Promise<KeyPage>;
  /** throws  key.not_found */
  key(id: string, options?: CallOptions): Promise<Key>;
  /** throws  key.not_found, auth.scope for a key of the server's configuration */
  revokeKey(id: string, options?: CallOptions): Promise<Key>;
}

export function accessClient(transport: Transport): AccessClient {
  const call = <T>(
    method: Call["method"],
    path: string,
    { signal, timeoutMs }: CallOptions = {},
    rest: Partial<Call> = {},
  ) => transport.json<T>({ method, path, repeatable: true, signal, timeoutMs, ...rest });
  return {
    createToken: (body, options) => call("POST", "/api/tokens", options, { body }),
    createKey: (body, options) => call("POST", "/api/keys", options, { body, repeatable: false }),
    keys: ({ limit, cursor } = {}, options) => call("GET", "/api/keys", options, { query: { limit, cursor } }),
    key: (id, options) => call("GET", keyPath(id), options),
    revokeKey: (id, options) => call("DELETE", keyPath(id), options),
  };
}

function keyPath(id: string): string {
  return `/api/keys/${encodeURIComponent(id)}`;
}
