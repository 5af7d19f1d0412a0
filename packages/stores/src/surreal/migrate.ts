/** Numbered migrations, applied once and in order, each in one transaction with the row that says so. */

import { type Clock, NexusError } from "@nexus/core";
import { RecordId } from "surrealdb";

import { encodeDate } from "./codec.ts";
import type { Connection } from "./connection.ts";
import { type Migration, MIGRATIONS } from "./migrations.ts";

const TABLE = `
DEFINE TABLE IF NOT EXISTS migration SCHEMAFULL;
DEFINE FIELD IF NOT EXISTS id ON migration TYPE int;
DEFINE FIELD IF NOT EXISTS name ON migration TYPE string;
DEFINE FIELD IF NOT EXISTS checksum ON migration TYPE string;
DEFINE FIELD IF NOT EXISTS appliedAt ON migration TYPE datetime;
DEFINE FIELD IF NOT EXISTS durationMs ON migration TYPE int;
DEFINE FIELD IF NOT EXISTS engineVersion ON migration TYPE string;
`;

interface AppliedMigration {
  readonly id: RecordId;
  readonly name: string;
  readonly checksum: string;
}

/**
 * throws  `config.version_skew` when the database has a migration that this release does not know,
 *         `config.migration` when an applied one differs from ours
 */
export async function migrate(
  database: Connection,
  clock: Clock,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await database.run(TABLE, {}, "defining the table of migrations");
  const rows = await database.run<AppliedMigration[]>("SELECT * FROM migration", {}, "reading the migrations");
  const applied = new Map(rows.map((row) => [Number(row.id.id), row]));
  const known = Math.max(...migrations.map(({ number }) => number));
  const newest = Math.max(0, ...applied.keys());
  if (newest > known) {
    throw new NexusError(
      "config.version_skew",
      `[nexus/stores:surreal] the database has migration ${newest}, this release knows ${known}; use the newer release`,
    );
  }
  for (const migration of migrations.toSorted((a, b) => a.number - b.number)) {
    const checksum = await sha256(migration.statements);
    const before = applied.get(migration.number);
    if (!before) await apply(database, clock, migration, checksum);
    else if (before.checksum !== checksum) {
      throw new NexusError(
        "config.migration",
        `[nexus/stores:surreal] migration ${migration.number} (${migration.name}) was applied with checksum ` +
          `${before.checksum.slice(0, 12)}, this release has ${checksum.slice(0, 12)}; restore the released text`,
      );
    }
  }
}

async function apply(database: Connection, clock: Clock, migration: Migration, checksum: string): Promise<void> {
  const started = clock.monotonic();
  const id = new RecordId("migration", migration.number);
  const row = {
    name: migration.name,
    checksum,
    appliedAt: encodeDate(new Date(clock.now())),
    durationMs: 0,
    engineVersion: await database.engineVersion(),
  };
  const doing = `applying migration ${migration.number}`;
  await database.run(`BEGIN; ${migration.statements}; CREATE $id CONTENT $row; COMMIT;`, { id, row }, doing);
  const durationMs = Math.round(clock.monotonic() - started);
  await database.run("UPDATE $id SET durationMs = $durationMs", { id, durationMs }, doing);
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
