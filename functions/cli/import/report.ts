/** What an import says to people. */

import { problemLine } from "../failure.ts";
import { count, duration } from "../print/progress.ts";
import type { Terminal } from "../terminal.ts";
import type { BadRow, Format, Row } from "./rows.ts";
import type { Tally } from "./upload.ts";

/** Bad rows that are named one by one; a file of another kind could have a million. */
const MOST_NAMED = 20;
const MOST_SPEAKERS = 6;

export interface BadRowReporter {
  readonly rows: readonly (BadRow & { readonly code: "import.row" })[];
  add(row: BadRow): void;
  /** Says how many were not named. */
  end(): void;
}

export function badRowReporter(terminal: Terminal): BadRowReporter {
  const rows: (BadRow & { code: "import.row" })[] = [];
  return {
    rows,
    add(row) {
      rows.push({ ...row, code: "import.row" });
      if (rows.length <= MOST_NAMED) terminal.err(problemLine(`line ${row.line}: ${row.detail}`, "import.row"));
    },
    end() {
      const left = rows.length - MOST_NAMED;
      if (left > 0) terminal.err(`nexus: and ${count(left)} more (import.row)`);
    },
  };
}

/** What a dry run found. */
export function describe(
  rows: readonly Row[],
  { name, format, refused }: { name: string; format: Format; refused: number },
): string {
  const users = distinct(rows.map(({ memory }) => memory.userId));
  const sessions = distinct(rows.map(({ memory }) => memory.sessionId));
  const speakers = distinct(rows.map(({ memory }) => memory.speaker));
  const times = rows.flatMap(({ memory }) => memory.createdAt ?? []).toSorted();
  return [
    `${name} is ${format === "ndjson" ? "NDJSON" : "a chat transcript"}. Nothing was imported; this would be:`,
    `  memories  ${count(rows.length)}${refused > 0 ? `, and ${count(refused)} that cannot be` : ""}`,
    `  users     ${users.length === 0 ? "none; give --user" : listed(users)}`,
    ...(sessions.length > 0 ? [`  sessions  ${listed(sessions)}`] : []),
    ...(speakers.length > 0 ? [`  speakers  ${listed(speakers)}`] : []),
    `  dates     ${times.length === 0 ? "none; the time of the import" : `${times[0]?.slice(0, 10)} to ${times.at(-1)?.slice(0, 10)}`}`,
  ].join("\n");
}

export function outcome(
  tally: Tally,
  { name, where, refused, elapsedMs }: { name: string; where: string; refused: number; elapsedMs: number },
): string {
  const { added, merged, superseded, unchanged } = tally;
  // A repeated request gets its first answer again, so "added" may be of an earlier run: this claims nothing new.
  const notes = [
    ...(unchanged > 0 ? [`${count(unchanged)} known already`] : []),
    ...(merged > 0 ? [`${count(merged)} merged`] : []),
    ...(superseded > 0 ? [`${count(superseded)} replacing others`] : []),
  ];
  const kept = added + merged + superseded + unchanged;
  const refusals = refused > 0 ? `; ${count(refused)} refused` : "";
  return `Imported ${name} into ${where}: ${count(kept)} memories${notes.length > 0 ? ` (${notes.join(", ")})` : ""} in ${duration(elapsedMs)}${refusals}.`;
}

function distinct(values: readonly (string | null | undefined)[]): string[] {
  return [...new Set(values.filter((value) => typeof value === "string"))];
}

function listed(values: readonly string[]): string {
  const shown = values.slice(0, MOST_SPEAKERS).join(", ");
  return values.length > MOST_SPEAKERS ? `${shown} and ${count(values.length - MOST_SPEAKERS)} more` : shown;
}
