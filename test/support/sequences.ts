/** Prints, as JSON, every partition of a stopped server's record store with its sequence and whether its change rows are 1, 2, 3 … without gaps. Run as a process: the engine opens a directory once. */

import { join } from "node:path";
import { silent, systemClock } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { openSurrealRecords } from "@nexus/stores/node";

export interface PartitionReport {
  readonly tenant: string;
  readonly partition: string;
  readonly seq: number;
  readonly memoryCount: number;
  readonly dense: boolean;
}

const [directory = ""] = process.argv.slice(2);
const records = await openSurrealRecords({
  url: `rocksdb://${join(directory, "records")}`,
  clock: systemClock,
  telemetry: silent,
});
const report: PartitionReport[] = [];
for (const scope of systemScopes("test", await records.tenants())) {
  const reader = records.reader(scope);
  for (const { partition, seq, memoryCount } of await reader.range({ table: "partition", prefix: [], limit: 10_000 })) {
    const changes = await reader.range({ table: "change", prefix: [partition], limit: seq + 10 });
    const dense = changes.length === seq && changes.every((change, i) => change.seq === i + 1);
    report.push({ tenant: scope.tenant, partition, seq, memoryCount, dense });
  }
}
process.stdout.write(JSON.stringify(report), () => process.exit(0));
