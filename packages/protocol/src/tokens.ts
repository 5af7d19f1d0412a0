/** POST /api/tokens: a token for one user, made for a phone or browser by the tenant's own server. */

import type { Grant } from "@nexus/core";
import { z } from "zod";
import { nameText, userText } from "./fields.ts";
import { validate } from "./validate.ts";

const MOST_SECONDS = 3_600;
const DEFAULT_SECONDS = 900;

/** No `admin`: a token reaches one user, and what needs that scope reaches the tenant. */
const tokenScope = z.enum(["read", "write", "realtime"]);

export const tokenBody = z.strictObject({
  userId: userText,
  agentId: nameText.nullish(),
  sessionId: nameText.nullish(),
  scopes: z.array(tokenScope).min(1).max(3),
  ttlSeconds: z
    .int()
    .min(1)
    .max(MOST_SECONDS)
    .nullish()
    .meta({ description: `Life of the token; ${DEFAULT_SECONDS} if left out.` }),
});

export const tokenWire = z.object({ token: z.string(), expiresAt: z.string().meta({ format: "date-time" }) });

export interface TokenInput {
  readonly subject: {
    readonly userId: string;
    readonly agentId: string | undefined;
    readonly sessionId: string | undefined;
  };
  readonly grants: readonly Grant[];
  readonly ttlSeconds: number;
}

export function parseToken(input: unknown): TokenInput {
  const { userId, agentId, sessionId, scopes, ttlSeconds } = validate(tokenBody, input);
  return {
    subject: { userId, agentId: agentId ?? undefined, sessionId: sessionId ?? undefined },
    grants: [...new Set(scopes)],
    ttlSeconds: ttlSeconds ?? DEFAULT_SECONDS,
  };
}

export function tokenToWire(token: string, expiresAt: number): z.output<typeof tokenWire> {
  return { token, expiresAt: new Date(expiresAt).toISOString() };
}
