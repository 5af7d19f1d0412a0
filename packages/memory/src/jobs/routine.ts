/** Plans the jobs that nobody asks for: mining once an hour, learning once a day, of tenants that gave them something to look at. */

import type { JsonObject, TenantScope } from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import { newJob } from "./queue.ts";
import { countMemories } from "./rebuild.ts";

const HOUR_MS = 3_600_000;
const ROUTINES = [
  { kind: "mine", everyMs: HOUR_MS },
  { kind: "learn", everyMs: 24 * HOUR_MS },
] as const;
/** Setting that remembers when each was planned last, and how many memories there were. */
const SETTING = "routine";

export async function planRoutine(
  scope: TenantScope,
  { records, clock, ids }: Pick<Dependencies, "records" | "clock" | "ids">,
): Promise<void> {
  const reader = records.reader(scope);
  const [[row], [newest]] = await Promise.all([
    reader.get("setting", [[SETTING]]),
    reader.find({ index: "memoryByNewest", anyOf: [[]], limit: 1 }),
  ]);
  if (!row && !newest) return;
  const now = clock.now();
  const isTime = (value: JsonObject): boolean =>
    ROUTINES.some(({ kind, everyMs }) => now - Number(value[kind] ?? 0) >= everyMs);
  if (row && !isTime(row.value as JsonObject)) return;
  // Fewer memories than then: some were forgotten, and what was found in them may still be told.
  const memories = await countMemories(reader);
  const recorded = newest?.recordedAt.getTime() ?? 0;
  const due = (value: JsonObject): readonly Routine[] =>
    ROUTINES.filter(({ kind, everyMs }) => {
      const last = Number(value[kind] ?? 0);
      const isNews = recorded >= last || Number(value[countOf(kind)] ?? 0) !== memories;
      return now - last >= everyMs && isNews;
    });
  if (row && due(row.value as JsonObject).length === 0) return;
  await records.transact(scope, [], async (tx) => {
    const [current] = await tx.get("setting", [[SETTING]]);
    const value = (current?.value ?? {}) as JsonObject;
    // A new tenant's first hour is left alone: requests look for themselves until a job has run.
    const planned = current ? due(value) : [];
    for (const { kind } of planned) tx.put("job", newJob(kind, {}, { ids, clock }));
    const moved = current ? planned : ROUTINES;
    tx.put("setting", {
      name: SETTING,
      value: {
        ...value,
        ...Object.fromEntries(
          moved.flatMap(({ kind }) => [
            [kind, now],
            [countOf(kind), memories],
          ]),
        ),
      },
      version: (current?.version ?? 0) + 1,
      updatedAt: new Date(now),
    });
  });
}

type Routine = (typeof ROUTINES)[number];

function countOf(kind: Routine["kind"]): string {
  return `${kind}Memories`;
}
