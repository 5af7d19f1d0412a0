/** POST /api/memories: one memory, many, or the messages of a conversation. */

import { type JsonObject, LIMITS, type Problem } from "@nexus/core";
import { z } from "zod";
import { contentText, nameText, scopeFields, timeText, uuidText } from "./fields.ts";
import { metadataObject } from "./metadata.ts";
import { timeProblems, toDate } from "./times.ts";
import { rejected, validate } from "./validate.ts";

const memoryFields = {
  content: contentText,
  ...scopeFields,
  speaker: nameText.nullish(),
  createdAt: timeText.nullish(),
  metadata: metadataObject.nullish(),
  expiresAt: timeText.nullish(),
  validFrom: timeText.nullish(),
  validTo: timeText.nullish(),
  id: uuidText.nullish(),
  externalId: nameText.nullish(),
};

const later = z.boolean().nullish().meta({ description: "true: answer 202 with a job that does the work." });

const memoryBody = z.strictObject({ ...memoryFields, async: later }).meta({ id: "RememberOne" });

const memoriesBody = z
  .strictObject({
    memories: z.array(z.strictObject(memoryFields)).min(1).max(LIMITS.maxBatch),
    async: later,
  })
  .meta({ id: "RememberMany" });

const messagesBody = z
  .strictObject({
    ...scopeFields,
    messages: z
      .array(
        z.strictObject({
          role: nameText,
          name: nameText.nullish(),
          content: contentText,
          createdAt: timeText.nullish(),
          metadata: metadataObject.nullish(),
        }),
      )
      .min(1)
      .max(LIMITS.maxBatch),
    async: later,
  })
  .meta({ id: "RememberMessages" });

export const rememberBody = z.union([memoryBody, memoriesBody, messagesBody]);

type MemoryFields = Omit<z.output<typeof memoryBody>, "async">;
type RememberBody = z.output<typeof rememberBody>;

/** The body in the form that its fields announce, so that problems are those of one form and not of three. */
export function parseRemember(input: unknown): RememberBody {
  const has = (field: string) => input !== null && typeof input === "object" && Object.hasOwn(input, field);
  if (has("memories")) return validate(memoriesBody, input);
  return has("messages") ? validate(messagesBody, input) : validate(memoryBody, input);
}

/** One memory as the memory service takes it. */
export interface RememberedInput {
  readonly content: string;
  readonly id: string | undefined;
  readonly externalId: string | undefined;
  readonly userId: string | undefined;
  readonly agentId: string | undefined;
  readonly sessionId: string | undefined;
  readonly speaker: string | undefined;
  readonly createdAt: Date | undefined;
  readonly validFrom: Date | undefined;
  readonly validTo: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly metadata: JsonObject;
}

/**
 * The memories of a body, in order.
 *
 * throws  `memory.time_invalid` for times too far ahead of `now` or in the wrong order, `body.invalid` for more than
 *         16 users; every problem is named
 */
export function toNewMemories(body: RememberBody, now: number): RememberedInput[] {
  const [fields, prefix] = memoriesOf(body);
  const problems: Problem[] = [];
  const memories = fields.map((memory, i) => {
    const input = toInput(memory);
    problems.push(...timeProblems(input, now, prefix ? `${prefix}.${i}.` : ""));
    return input;
  });
  const users = new Set(memories.map(({ userId }) => userId)).size;
  if (users > LIMITS.maxUsersPerWrite) {
    const message = `has memories of ${users} users, one request may write to ${LIMITS.maxUsersPerWrite}`;
    throw rejected("body.invalid", [{ path: prefix, message }, ...problems]);
  }
  if (problems.length > 0) throw rejected("memory.time_invalid", problems);
  return memories;
}

function memoriesOf(body: RememberBody): [readonly MemoryFields[], string] {
  if ("memories" in body) return [body.memories, "memories"];
  if (!("messages" in body)) return [[body], ""];
  const { userId, agentId, sessionId } = body;
  const memories = body.messages.map(({ role, name, content, createdAt, metadata }) => ({
    content,
    userId,
    agentId,
    sessionId,
    speaker: name ?? role,
    createdAt,
    // The caller's own `role` wins: it was said on purpose.
    metadata: { role, ...metadata },
  }));
  return [memories, "messages"];
}

function toInput(memory: MemoryFields): RememberedInput {
  return {
    content: memory.content,
    id: memory.id?.toLowerCase(),
    externalId: memory.externalId ?? undefined,
    userId: memory.userId ?? undefined,
    agentId: memory.agentId ?? undefined,
    sessionId: memory.sessionId ?? undefined,
    speaker: memory.speaker ?? undefined,
    createdAt: toDate(memory.createdAt),
    validFrom: toDate(memory.validFrom),
    validTo: toDate(memory.validTo),
    expiresAt: toDate(memory.expiresAt),
    metadata: memory.metadata ?? {},
  };
}
