/** The fields that requests are made of, each checked in one place. */

import { isUuid, LIMITS, SHARED_PARTITION } from "@nexus/core";
import { z } from "zod";
import { parseIsoTime } from "@nexus/core";
import { fitsUtf8, utf8Length } from "./utf8-length.ts";

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const LONGEST_TOKEN = 8_192;

/** A name that the caller gives: of an agent, a session, a speaker. */
export const nameText = z
  .string()
  .min(1)
  .max(LIMITS.maxIdLength)
  .refine((text) => !CONTROL.test(text), "must have no control characters");

/** `_` is the partition that memories without a user share, and URLs with `.` and `..` lose them: no user may be called that. */
export const userText = nameText
  .refine(
    (text) => text !== SHARED_PARTITION,
    `"${SHARED_PARTITION}" stands for memories without a user; leave userId out instead`,
  )
  .refine((text) => text !== "." && text !== "..", "must not be a dot or two: no URL could name the user to erase");

export const uuidText = z.string().refine(isUuid, "must be a UUID").meta({ format: "uuid" });

export const timeText = z
  .string()
  .refine((text) => parseIsoTime(text) !== undefined, "must be an ISO 8601 date or time")
  .meta({ format: "date-time" });

/** A memory's text, verbatim. */
export const contentText = z
  .string()
  .refine((text) => text.trim() !== "", { error: "must have some text", params: { code: "memory.empty" } })
  .refine((text) => fitsUtf8(text, LIMITS.maxTextBytes), {
    error: ({ input }) => `has ${utf8Length(String(input))} bytes, the limit is ${LIMITS.maxTextBytes}`,
    params: { code: "memory.too_large" },
  })
  .meta({ minLength: 1, maxLength: LIMITS.maxTextBytes });

export const queryText = z
  .string()
  .refine((text) => fitsUtf8(text, LIMITS.maxQueryBytes), `must be at most ${LIMITS.maxQueryBytes} bytes of UTF-8`)
  .meta({ maxLength: LIMITS.maxQueryBytes });

/** A value that an earlier answer gave: a cursor or a consistency token. */
export const opaqueText = z.string().min(1).max(LONGEST_TOKEN);

/** Checked by core's `parseFilter`, whose errors have codes of their own. */
export const filterTree = z.unknown().meta({
  description: "Field → value or { operator: value }; `and`, `or`, `not` nest.",
  override: { type: "object", additionalProperties: true },
});

/** Who a request is about; each part narrows the scope further. */
export const scopeFields = {
  userId: userText.nullish(),
  agentId: nameText.nullish(),
  sessionId: nameText.nullish(),
};
