/** Confines what a user token asks for to the user that it is for. Every route that takes user tokens reads its scope through here. */

import { asNexusError, type Memory, NexusError, type Subject } from "@nexus/core";
import type { MemoryService } from "@nexus/memory";
import type { AppContext } from "./dependencies.ts";

type ScopeField = keyof Subject;

const ALL: readonly ScopeField[] = ["userId", "agentId", "sessionId"];

/**
 * A body or query string with the fields that the caller's token implies, in each of its `memories` where it has those.
 * What an API key sends stays as it is. `fields` are those that the route knows: one that cannot confine itself to
 * the token's session must not answer for the whole user.
 *
 * throws  `auth.user_mismatch` for another user, agent or session, `auth.scope`
 */
export function confined<T>(c: AppContext, input: T, fields: readonly ScopeField[] = ALL): T {
  const { subject } = c.get("principal");
  if (!subject || !isObject(input)) return input;
  for (const field of ALL) {
    if (subject[field] === undefined || fields.includes(field)) continue;
    throw new NexusError("auth.scope", `[nexus/http] this route cannot be confined to the token's ${field}`);
  }
  const { memories } = input;
  if (!Array.isArray(memories)) return filled(input, subject, "") as T;
  const own = memories.map((memory: unknown, i) =>
    isObject(memory) ? filled(memory, subject, `memories.${i}.`) : memory,
  );
  return { ...input, memories: own };
}

/** throws  `memory.not_found` for a memory of another user, agent or session: a token cannot tell it from one that is not there */
export function requireOwn(c: AppContext, memory: Pick<Memory, "id" | ScopeField>): void {
  const { subject } = c.get("principal");
  if (!subject) return;
  if (ALL.every((field) => subject[field] === undefined || subject[field] === memory[field])) return;
  // In the words of the service for a memory that is not there: the two must not differ.
  const message = `[nexus/memory] there is no memory ${memory.id}; it may have been forgotten or have expired`;
  throw new NexusError("memory.not_found", message);
}

/** The same for a memory that is not at hand. One that is gone is left to the service, which may have answered this very request before. */
export async function requireOwnStored(c: AppContext, memories: Pick<MemoryService, "get">, id: string): Promise<void> {
  const { scope, subject } = c.get("principal");
  if (!subject) return;
  const stored = await memories.get(scope, id).catch((error: unknown) => {
    if (asNexusError(error).code === "memory.not_found") return undefined;
    throw error;
  });
  if (stored) requireOwn(c, stored);
}

/** throws  `auth.user_mismatch` */
function filled(input: Record<string, unknown>, subject: Subject, path: string): Record<string, unknown> {
  const implied: Record<string, string> = {};
  for (const field of ALL) {
    const value = subject[field];
    if (value === undefined) continue;
    const asked = input[field] ?? value;
    if (asked !== value) throw mismatch(path + field);
    implied[field] = value;
  }
  return { ...input, ...implied };
}

function mismatch(path: string): NexusError {
  const message = "is not the one that the token is for; leave it out";
  return new NexusError("auth.user_mismatch", `[nexus/http] ${path} ${message}`, { problems: [{ path, message }] });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
