/** Which files of an index are made into one segment next. */

import type { FileRows } from "./live.ts";

export interface MergeCandidate {
  readonly kind: "segment" | "log";
  readonly bytes: number;
  readonly rows: FileRows;
}

/** Neighbours: from the first up to, and without, the second. */
export type Run = readonly [from: number, to: number];

/**
 * Logs become segments at once, and take along the segments before them that are no larger than what they have
 * come to: so there are few segments, each larger than all behind it, and a record is copied a logarithmic number
 * of times. Besides, a segment is rewritten when more than half of its memories are dead, and all of them when
 * more than half of everything is, ids of removed memories included.
 *
 * shapes   files: segments, then logs that are no longer written to
 * returns  undefined where nothing is to be gained
 */
export function nextRun(files: readonly MergeCandidate[]): Run | undefined {
  let from = files.findIndex(({ kind }) => kind === "log");
  if (from >= 0) {
    let bytes = files.slice(from).reduce((sum, file) => sum + file.bytes, 0);
    while (from > 0 && files[from - 1]!.bytes <= bytes) bytes += files[--from]!.bytes;
    return [from, files.length];
  }
  const total = files.reduce((sum, { rows }) => sum + rows.memories + rows.removed, 0);
  const live = files.reduce((sum, { rows }) => sum + rows.live, 0);
  if (2 * live < total) return [0, files.length];
  const mostlyDead = files.findIndex(({ rows }) => 2 * rows.live < rows.memories);
  return mostlyDead < 0 ? undefined : [mostlyDead, mostlyDead + 1];
}
