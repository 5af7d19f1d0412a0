/** The routes about who may call. */

import { jobExample } from "./examples.ts";
import { keyBody, keyIdText, keysQuery, keysWire, keyWire, newKeyWire } from "./keys.ts";
import type { Operation } from "./operation.ts";
import { tokenBody, tokenWire } from "./tokens.ts";

const keyExample = {
  id: "3f2a9c41d07b5e88",
  name: "backend",
  scopes: ["read", "write"],
  ratePerMinute: 6_000,
  createdAt: "2026-05-01T10:00:00.000Z",
  expiresAt: null,
  revokedAt: null,
  readOnly: false,
};

const KEY = `nx_live_${keyExample.id}_${jobExample.id.replaceAll("-", "").repeat(2)}_0a1b2c3d`;

const keys = { tag: "Access", grant: "admin" } as const;
const oneKey = { ...keys, path: "/api/keys/{id}", parameters: { id: keyIdText } } as const;

export const accessOperations: readonly Operation[] = [
  {
    id: "createToken",
    method: "post",
    path: "/api/tokens",
    tag: "Access",
    summary: "Make a token for one user, for a phone or browser",
    description:
      "Takes an API key that has the scopes asked for, and no user token. The token is sent like a key and implies its `userId` (and `agentId`, `sessionId`) on every route: naming another is 403 `auth.user_mismatch`, and what belongs to others is 404. It ends with its time or with its key. Pages of other origins may call with it, and never with a key, where `NEXUS_CORS_ORIGINS` lists them: `https://app.example.com` for every tenant, `tenant=https://app.example.com` for one, separated by commas; any other page is 403 `auth.origin`.",
    grant: "any",
    body: {
      schema: tokenBody,
      examples: { phone: { userId: "u1", scopes: ["read", "write"], ttlSeconds: 900 } },
    },
    answers: [
      {
        status: 201,
        description: "The token.",
        schema: tokenWire,
        example: { token: "ut1.c2lnbmVkIGNsYWltcw", expiresAt: "2026-05-01T10:15:00.000Z" },
      },
    ],
  },
  {
    ...keys,
    id: "createKey",
    method: "post",
    path: "/api/keys",
    summary: "Make an API key",
    description:
      "Of the caller's own tenant. The key is shown in this answer alone. An Idempotency-Key has no effect here, since the answer is not kept.",
    body: {
      schema: keyBody,
      examples: { backend: { name: "backend", scopes: ["read", "write"], ratePerMinute: 6_000 } },
    },
    answers: [{ status: 201, description: "The key.", schema: newKeyWire, example: { ...keyExample, key: KEY } }],
    errors: ["store.full"],
  },
  {
    ...keys,
    id: "listKeys",
    method: "get",
    path: "/api/keys",
    summary: "List the tenant's API keys, revoked ones too",
    description: "Never the keys themselves. Keys of the server's configuration come first and are `readOnly`.",
    query: keysQuery,
    answers: [
      { status: 200, description: "One page.", schema: keysWire, example: { items: [keyExample], nextCursor: null } },
    ],
  },
  {
    ...oneKey,
    id: "getKey",
    method: "get",
    summary: "Read an API key's rights and state",
    answers: [{ status: 200, description: "The key.", schema: keyWire, example: keyExample }],
    errors: ["key.not_found"],
  },
  {
    ...oneKey,
    id: "revokeKey",
    method: "delete",
    summary: "Revoke an API key",
    description:
      "It stops at once on this server, elsewhere within a minute, and with it the user tokens that it made. A `readOnly` key is 403 `auth.scope`: its operator takes it out of the configuration.",
    answers: [
      {
        status: 200,
        description: "The key, revoked.",
        schema: keyWire,
        example: { ...keyExample, revokedAt: "2026-05-02T10:00:00.000Z" },
      },
    ],
    errors: ["key.not_found", "store.full"],
  },
];
