/** The rules for metadata: a JSON object, small, shallow, and without the one key that JavaScript reads as a command. */

import { type JsonObject, LIMITS } from "@nexus/core";
import { z } from "zod";
import { utf8Length } from "./utf8-length.ts";

/** The caller's object itself, not a copy. */
export const metadataObject = z
  .custom<JsonObject>()
  .superRefine((value, context) => {
    const problem = metadataProblem(value);
    if (problem) context.addIssue({ code: "custom", message: problem });
  })
  .meta({
    description: `Any JSON object of at most ${LIMITS.maxMetadataBytes} bytes and ${LIMITS.maxMetadataDepth} levels.`,
    override: { type: "object", additionalProperties: true },
  });

function metadataProblem(value: unknown): string | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return "expected object";
  // Depth first: it bounds the recursion of everything that comes after.
  if (!isShallow(value, LIMITS.maxMetadataDepth)) return `must be at most ${LIMITS.maxMetadataDepth} levels deep`;
  const bytes = utf8Length(JSON.stringify(value));
  if (bytes > LIMITS.maxMetadataBytes) return `has ${bytes} bytes, the limit is ${LIMITS.maxMetadataBytes}`;
  return hasReservedKey(value) ? 'must not have the key "__proto__"' : undefined;
}

function isShallow(value: object, levels: number): boolean {
  if (levels === 0) return false;
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    if (inner !== null && typeof inner === "object" && !isShallow(inner, levels - 1)) return false;
  }
  return true;
}

function hasReservedKey(value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  return Object.hasOwn(value, "__proto__") || Object.values(value).some(hasReservedKey);
}
