/** /api/keys: the keys of a tenant, of which none is ever shown twice. */

import { type Grant, GRANTS, LIMITS } from "@nexus/core";
import { z } from "zod";
import { nameText, timeText } from "./fields.ts";
import { timeOrNull } from "./memory.ts";
import { integerText } from "./query-text.ts";
import { toDate } from "./times.ts";
import { rejected, validate } from "./validate.ts";

const DEFAULT_LIMIT = 50;
const LONGEST_NAME = 100;

const time = z.string().meta({ format: "date-time" });
const scopes = z.array(z.enum(GRANTS as [Grant, ...Grant[]]));

export const keyBody = z.strictObject({
  name: nameText.max(LONGEST_NAME),
  scopes: scopes.min(1).max(GRANTS.length),
  ratePerMinute: z
    .int()
    .min(1)
    .nullish()
    .meta({ description: "Requests a minute; the server's own bound if left out, and at most that." }),
  expiresAt: timeText.nullish(),
});

export const keyWire = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes,
    ratePerMinute: z.int(),
    createdAt: time.nullable(),
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
    readOnly: z.boolean().meta({ description: "Of the server's configuration: it cannot be revoked here." }),
  })
  .meta({ id: "Key" });

export const newKeyWire = keyWire.extend({
  key: z.string().meta({ description: "The key itself. It is shown this once and kept nowhere." }),
});

export const keysWire = z.object({ items: z.array(keyWire), nextCursor: z.string().nullable() });

export const keyIdText = z.string().regex(/^[0-9a-f]{16}$/, "must be the id of a key, 16 hexadecimal digits");

export const keysQuery = z.strictObject({
  limit: integerText.pipe(z.int().min(1).max(LIMITS.maxListLimit)).optional(),
  cursor: keyIdText.optional(),
});

export interface KeyInput {
  readonly name: string;
  readonly scopes: readonly Grant[];
  readonly ratePerMinute: number;
  readonly expiresAt: Date | undefined;
}

interface KeyView extends Omit<KeyInput, "expiresAt"> {
  readonly id: string;
  readonly createdAt?: Date | undefined;
  readonly expiresAt?: Date | undefined;
  readonly revokedAt?: Date | undefined;
  readonly readOnly: boolean;
}

/** throws  what `validate` throws, `body.invalid` for an end that is past and for a rate above `maxRatePerMinute` */
export function parseKey(input: unknown, now: number, maxRatePerMinute: number): KeyInput {
  const body = validate(keyBody, input);
  const expiresAt = toDate(body.expiresAt);
  const ratePerMinute = body.ratePerMinute ?? maxRatePerMinute;
  const problems = [
    ...(expiresAt && expiresAt.getTime() <= now ? [{ path: "expiresAt", message: "must be in the future" }] : []),
    ...(ratePerMinute > maxRatePerMinute
      ? [{ path: "ratePerMinute", message: `must be at most ${maxRatePerMinute}` }]
      : []),
  ];
  if (problems.length > 0) throw rejected("body.invalid", problems);
  return { name: body.name, scopes: [...new Set(body.scopes)], ratePerMinute, expiresAt };
}

export function parseKeysQuery(input: unknown): { limit: number; after: string | undefined } {
  const { limit = DEFAULT_LIMIT, cursor } = validate(keysQuery, input);
  return { limit, after: cursor };
}

export function keyToWire(key: KeyView): z.output<typeof keyWire> {
  return {
    id: key.id,
    name: key.name,
    scopes: [...key.scopes],
    ratePerMinute: key.ratePerMinute,
    createdAt: timeOrNull(key.createdAt),
    expiresAt: timeOrNull(key.expiresAt),
    revokedAt: timeOrNull(key.revokedAt),
    readOnly: key.readOnly,
  };
}

/** Keys of the configuration stand before a page and do not count towards its limit. */
export function keysToWire(keys: readonly KeyView[], limit: number): z.output<typeof keysWire> {
  const stored = keys.filter(({ readOnly }) => !readOnly);
  return { items: keys.map(keyToWire), nextCursor: (stored.length === limit && stored.at(-1)?.id) || null };
}

export function newKeyToWire(view: KeyView, key: string): z.output<typeof newKeyWire> {
  return { ...keyToWire(view), key };
}
