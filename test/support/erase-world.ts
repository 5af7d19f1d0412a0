/** A tenant with two users in every table, cache and blob, and a search for what names one of them. */

import type { Job, TenantScope } from "@nexus/core";
import type { Tenant, World } from "./memory-world.ts";
import { newMemory } from "./memory-world.ts";

/** Words that no other text has: in contents, metadata, names, comments and questions of one user. */
export const wordsOf = (userId: string): string => `zq${userId}quetzal`;

/** Writes through the service what can be written so, and the rest as rows. */
export async function fillUser(tenant: Tenant, userId: string, { dependencies, clock }: World): Promise<string[]> {
  const { memory, writer } = tenant;
  const word = wordsOf(userId);
  const tell = (content: string, fields: object = {}): Promise<string> =>
    tenant.tell(content, { userId, sessionId: `${word}-session`, speaker: `Speaker ${word}`, ...fields });
  const first = await tell(`I live in Lisbon near the ${word} tower, said Maria Gonzalez.`);
  const metadata = { note: word, topic: `about ${word}` };
  const changed = await tell(`The ${word} project uses PostgreSQL and Redis.`, { metadata });
  await memory.patch(writer, changed, { content: `The ${word} project uses PostgreSQL, Redis and Kafka.` }, {});
  clock.advance(1_000);
  const moved = await tell(`I live in Porto now, not far from the ${word} bridge.`);
  const again = await tell(`The ${word} report is due on Friday afternoon at the office.`);
  const merged = await tell(`The ${word} report is due on Friday afternoon at the office!`);
  const long = await tell(`Chapter of ${word}. ${"A sentence about the garden and its trees. ".repeat(1_500)}`);
  const forgotten = await tell(`A secret of ${word} that was forgotten before.`);
  await memory.forget(writer, forgotten);
  const listed = { ...writer, idempotency: { route: "POST /api/memories", key: `key of ${word}`, bodyHash: "h" } };
  await memory.remember(listed, [newMemory(`Kept under a key: ${word}.`, { userId })]);
  const query = `where is the ${word} tower?`;
  await tenant.ask(query, { userId });
  const { queryId, results } = await tenant.ask(query, { userId });
  const rated = results.find((result) => result.memory.userId === userId);
  await memory.rate(writer, { queryId, memoryId: rated?.memory.id, rating: 1, comment: `thanks, ${word}` });
  await putRows(tenant, userId, dependencies.records, first, new Date(clock.now()));
  return [first, changed, moved, again, merged, long, forgotten];
}

/** Rows that jobs write, and such as are left over. */
async function putRows(
  { scope }: Tenant,
  userId: string,
  records: World["dependencies"]["records"],
  memoryId: string,
  at: Date,
): Promise<void> {
  const word = wordsOf(userId);
  await records.transact(scope, [], async (tx) => {
    const pattern = { partition: userId, domain: "general", terms: [word], memoryIds: [memoryId], createdAt: at };
    tx.put("pattern", {
      ...pattern,
      id: `p-${word}`,
      type: "habit",
      description: `habit of ${word}`,
      frequency: 3,
      successCount: 0,
      usageCount: 0,
      updatedAt: at,
    });
    // What no memory's row tells of any more.
    tx.put("entity", {
      partition: userId,
      id: `e-${word}`,
      type: "person",
      name: word,
      nameKey: word,
      aliases: [],
      frequency: 7,
      firstSeenAt: at,
      lastSeenAt: at,
    });
    tx.put("relation", {
      partition: userId,
      subjectId: `e-${word}`,
      type: "home",
      objectId: `f-${word}`,
      memoryId,
      subjectName: word,
      objectName: "Lisbon",
      confidence: 1,
      validFrom: at,
    });
    tx.put("reference", {
      memoryId,
      type: "possiblySupersedes",
      targetId: memoryId,
      partition: userId,
      reason: word,
      createdAt: at,
      undoneAt: at,
    });
    tx.put("job", {
      id: `job-of-${userId}`,
      kind: "forget",
      status: "failed",
      attemptCount: 5,
      runAt: at,
      progress: { done: 0, total: 1 },
      payload: { filter: { any: [{ field: "userId", operator: "eq", value: userId }] }, keyId: "k" },
      createdAt: at,
    });
  });
}

/** Rows and blobs that name the user, its words or one of its memories: where they are, and the text around. */
export async function namesOf(
  scope: TenantScope,
  userId: string,
  memoryIds: readonly string[],
  { dependencies: { records, blobs } }: Pick<World, "dependencies">,
): Promise<string[]> {
  const found: string[] = [];
  const names = [wordsOf(userId), ...memoryIds];
  const isNamed = (text: string): boolean => text.includes(`"${userId}"`) || names.some((name) => text.includes(name));
  for await (const { table, row } of records.export(scope)) {
    const text = JSON.stringify(row, (_, value: unknown) => (value instanceof Uint8Array ? latin1(value) : value));
    if (isNamed(text)) found.push(`${table} ${text.slice(0, 300)}`);
  }
  for await (const { key } of blobs.list(scope, "")) {
    const text = latin1((await blobs.get(scope, key)) ?? new Uint8Array());
    if (isNamed(text) || names.some((name) => key.includes(name))) found.push(`blob ${key}`);
  }
  return found;
}

export async function ended({ memory, scope }: Pick<Tenant, "memory" | "scope">, id: string): Promise<Job> {
  for (let i = 0; i < 1_000; i++) {
    const job = await memory.job(scope, id);
    if (job.status === "done" || job.status === "failed") return job;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`job ${id} did not end`);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
