/** `write <url>`: adds a job and a change at a time, one line for each that was acknowledged, until killed. `read <url>`: what is there, as JSON. */

import { NexusError, systemClock, type TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { openSurrealRecords } from "@nexus/stores/node";

import { jobRow } from "./record-rows.ts";

const [, , mode, url = ""] = process.argv;
const scope = systemScopes("test", ["killed"])[0] as TenantScope;
const WRITERS = 4;

try {
  const store = await openSurrealRecords({ url, clock: systemClock });
  if (mode === "write") {
    const writer = async (): Promise<never> => {
      for (;;) {
        const { value } = await store.transact(scope, ["p"], async (tx) => {
          const seq = tx.change("p", { op: "added", memoryId: "m", version: 1, memories: 1 });
          tx.put("job", jobRow(String(seq).padStart(9, "0")));
          return seq;
        });
        process.stdout.write(`${value}\n`);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
  }
  const reader = store.reader(scope);
  const [partition] = await reader.get("partition", [["p"]]);
  const jobs = await reader.range({ table: "job", prefix: [], limit: 100_000 });
  const changes = await reader.range({ table: "change", prefix: ["p"], limit: 100_000 });
  const found = { ...partition, jobs: jobs.map(({ id }) => Number(id)), changes: changes.length };
  process.stdout.write(JSON.stringify({ ...found, partition: undefined }));
} catch (error) {
  process.stdout.write(error instanceof NexusError ? error.code : String(error));
}
process.exit(0);
