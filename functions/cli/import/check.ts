/** Checks rows as the server will, so that a bad one is named before anything is sent. */

import { asNexusError } from "@nexus/core";
import { parseRemember, toNewMemories } from "@nexus/protocol";
import { withoutOrigin } from "../failure.ts";
import type { BadRow, Row } from "./rows.ts";

export function checkRows(rows: readonly Row[], now: number): { good: Row[]; bad: BadRow[] } {
  const good: Row[] = [];
  const bad: BadRow[] = [];
  for (const row of rows) {
    const detail = problemOf(row, now);
    if (detail === undefined) good.push(row);
    else bad.push({ line: row.line, detail });
  }
  return { good, bad };
}

/** What was wrong with each row of a request: `memories.3.content` is the fourth's. */
export function problemsByRow(errors: readonly { path: string; message: string }[]): Map<number, string> {
  const byRow = new Map<number, string>();
  for (const { path, message } of errors) {
    const match = /^memories\.(\d+)(?:\.(.*))?$/.exec(path);
    if (!match) continue;
    const row = Number(match[1]);
    const detail = match[2] === undefined ? message : `${match[2]} ${message}`;
    byRow.set(row, byRow.has(row) ? `${byRow.get(row)}; ${detail}` : detail);
  }
  return byRow;
}

function problemOf({ memory }: Row, now: number): string | undefined {
  try {
    toNewMemories(parseRemember({ memories: [memory] }), now);
    return undefined;
  } catch (error) {
    const { problems, message } = asNexusError(error);
    return problemsByRow(problems).get(0) ?? withoutOrigin(message);
  }
}
