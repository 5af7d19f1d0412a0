/** Which conditions of a filter a memory fails, one by one, in words. */

import { type Filter, type FilterSubject, matches } from "@nexus/core";

/** The clauses that keep the subject out: of a group of which one would do, the whole group; none when it fits. */
export function failedClauses(filter: Filter, subject: FilterSubject): string[] {
  if (matches(subject, filter)) return [];
  if ("all" in filter) return filter.all.flatMap((one) => failedClauses(one, subject));
  return [textOf(filter)];
}

/** `createdAt gte 2026-01-01T00:00:00.000Z`. */
function textOf(filter: Filter): string {
  if ("all" in filter) return `(${filter.all.map(textOf).join(" and ")})`;
  if ("any" in filter) return `(${filter.any.map(textOf).join(" or ")})`;
  if ("not" in filter) return `not ${textOf(filter.not)}`;
  const { field, operator, value } = filter;
  const isTime = /^(?:created|recorded|updated)At$|^valid(?:From|To)$/.test(field);
  const show = (one: unknown): unknown => (isTime && typeof one === "number" ? new Date(one).toISOString() : one);
  return `${field} ${operator} ${JSON.stringify(Array.isArray(value) ? value.map(show) : show(value))}`;
}
