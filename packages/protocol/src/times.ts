/** What is asked of a memory's times beyond their form. */

import { LIMITS, type Problem } from "@nexus/core";
import { parseIsoTime } from "@nexus/core";

export interface Times {
  readonly createdAt?: Date | null | undefined;
  readonly validFrom?: Date | null | undefined;
  readonly validTo?: Date | null | undefined;
}

/** A time that the schema has already accepted; absent ones stay absent. */
export function toDate(text: string | null | undefined): Date | undefined {
  return text === null || text === undefined ? undefined : parseIsoTime(text);
}

/** Problems of the code `memory.time_invalid`: what lies too far ahead, and validity that ends before it begins. */
export function timeProblems(times: Times, now: number, prefix: string): Problem[] {
  const problems: Problem[] = [];
  for (const field of ["createdAt", "validFrom"] as const) {
    const ahead = (times[field]?.getTime() ?? now) - now;
    if (ahead > LIMITS.maxFutureMs) {
      const message = `is ${Math.round(ahead / 1_000)} s ahead, at most ${LIMITS.maxFutureMs / 1_000} s are allowed`;
      problems.push({ path: prefix + field, message });
    }
  }
  const { validFrom, validTo } = times;
  if (validFrom && validTo && validTo <= validFrom) {
    problems.push({ path: `${prefix}validTo`, message: "must be after validFrom" });
  }
  return problems;
}
