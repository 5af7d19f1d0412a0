/** Filters: a small tree of conditions on the fields of a memory, and the one function that decides whether a memory fits. */

import { NexusError } from "./errors.ts";
import { parseIsoTime } from "./iso-time.ts";
import type { Json, JsonObject } from "./json.ts";
import { LIMITS } from "./limits.ts";

/** The fields that filters may name, as every store keeps them. Dates are milliseconds since the epoch. */
export interface FilterSubject {
  readonly id: string;
  readonly externalId?: string | undefined;
  readonly userId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly speaker?: string | undefined;
  readonly language: string;
  readonly domain?: string | undefined;
  readonly status?: string | undefined;
  readonly quality?: number | undefined;
  /** Name keys of the entities that it mentions. */
  readonly entities?: readonly string[] | undefined;
  readonly createdAt: number;
  readonly recordedAt: number;
  readonly updatedAt: number;
  readonly validFrom?: number | undefined;
  readonly validTo?: number | undefined;
  readonly metadata: JsonObject;
}

const TEXT_FIELDS = [
  "id",
  "externalId",
  "userId",
  "agentId",
  "sessionId",
  "speaker",
  "domain",
  "language",
  "entities",
] as const;
const TIME_FIELDS = ["createdAt", "recordedAt", "updatedAt", "validFrom", "validTo"] as const;
const NUMBER_FIELDS = ["quality"] as const;
const OPERATORS = ["eq", "ne", "in", "nin", "gt", "gte", "lt", "lte", "contains", "exists"] as const;

type Operator = (typeof OPERATORS)[number];
type Scalar = string | number | boolean | null;
/** What values a field takes; those of metadata are the caller's. */
type Kind = "text" | "time" | "number" | "any";

export type Filter =
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly not: Filter }
  | { readonly field: string; readonly operator: Operator; readonly value: Scalar | readonly Scalar[] };

/** The filter that everything fits. */
export const EVERYTHING: Filter = { all: [] };

/** Filters joined by "and", those that are absent left out. */
export function allOf(...filters: readonly (Filter | undefined)[]): Filter {
  const present = filters.filter((filter) => filter !== undefined);
  return present.length === 1 && present[0] ? present[0] : { all: present };
}

export function equals(field: string, value: Scalar): Filter {
  return { field, operator: "eq", value };
}

/**
 * Reads a filter from a request: field → value or { operator: value }, nested by `and`, `or`, `not`.
 *
 * throws   `search.filter_unknown` for a field or operator that does not exist, `search.filter_invalid` for a
 *          value of the wrong type, an empty group, more than 32 clauses or more than 4 levels; the first problem is named
 */
export function parseFilter(input: unknown): Filter {
  return parseNode(input, "filters", 1, { clauses: 0 });
}

function parseNode(input: unknown, path: string, depth: number, budget: { clauses: number }): Filter {
  if (depth > LIMITS.maxFilterDepth) throw invalid(path, `is nested deeper than ${LIMITS.maxFilterDepth} levels`);
  if (!isObject(input)) throw invalid(path, "must be an object of field: condition");
  // A group without a clause counts towards no limit: a list of a million would be walked for every memory.
  if (depth > 1 && Object.keys(input).length === 0) throw invalid(path, "has no condition");
  const parts = Object.entries(input).flatMap(([key, value]): Filter[] => {
    const here = `${path}.${key}`;
    if (key === "and" || key === "or") {
      if (!Array.isArray(value) || value.length === 0)
        throw invalid(here, "must be a list of filters that is not empty");
      const nested = value.map((inner, i) => parseNode(inner, `${here}.${i}`, depth + 1, budget));
      return [key === "and" ? { all: nested } : { any: nested }];
    }
    if (key === "not") return [{ not: parseNode(value, here, depth + 1, budget) }];
    return parseConditions(key, value, here, budget);
  });
  return parts.length === 1 && parts[0] ? parts[0] : { all: parts };
}

function parseConditions(field: string, value: unknown, path: string, budget: { clauses: number }): Filter[] {
  const kind = kindOf(field, path);
  const conditions: [string, unknown][] = isObject(value) ? Object.entries(value) : [["eq", value]];
  if (conditions.length === 0) throw invalid(path, "has no condition");
  return conditions.map(([operator, operand]) => {
    if (++budget.clauses > LIMITS.maxFilterClauses)
      throw invalid(path, `is clause ${budget.clauses} of at most ${LIMITS.maxFilterClauses}`);
    if (!(OPERATORS as readonly string[]).includes(operator))
      throw unknown(`${path}.${operator}`, `no such operator; there are ${OPERATORS.join(", ")}`);
    return {
      field,
      operator: operator as Operator,
      value: folded(field, parseOperand(operator as Operator, operand, `${path}.${operator}`, kind)),
    };
  });
}

function kindOf(field: string, path: string): Kind {
  if ((TIME_FIELDS as readonly string[]).includes(field)) return "time";
  if ((TEXT_FIELDS as readonly string[]).includes(field)) return "text";
  if ((NUMBER_FIELDS as readonly string[]).includes(field)) return "number";
  if (/^metadata\.[^.]+(\.[^.]+)*$/.test(field)) return "any";
  throw unknown(
    path,
    `no such field; there are ${[...TEXT_FIELDS, ...TIME_FIELDS, ...NUMBER_FIELDS].join(", ")} and metadata.<path>`,
  );
}

/** Entities are kept by their folded names, and found however the caller writes them. */
function folded(field: string, value: Scalar | Scalar[]): Scalar | Scalar[] {
  if (field !== "entities") return value;
  const fold = (one: Scalar): Scalar => (typeof one === "string" ? one.normalize("NFKC").toLowerCase().trim() : one);
  return Array.isArray(value) ? value.map(fold) : fold(value);
}

function parseOperand(operator: Operator, operand: unknown, path: string, kind: Kind): Scalar | Scalar[] {
  if (operator === "exists") {
    if (typeof operand !== "boolean") throw invalid(path, "must be true or false");
    return operand;
  }
  if (operator === "in" || operator === "nin") {
    if (!Array.isArray(operand) || operand.length === 0 || operand.length > 1_000)
      throw invalid(path, "must be a list of 1 to 1,000 values");
    return operand.map((value, i) => parseScalar(value, `${path}.${i}`, kind));
  }
  const scalar = parseScalar(operand, path, kind);
  if (operator === "contains" && (kind === "time" || kind === "number"))
    throw invalid(path, `does not apply to a ${kind}`);
  if (["gt", "gte", "lt", "lte"].includes(operator) && typeof scalar !== "number" && typeof scalar !== "string") {
    throw invalid(path, "must be a number, a text or a time");
  }
  return scalar;
}

function parseScalar(value: unknown, path: string, kind: Kind): Scalar {
  if (value === null) return null;
  if (kind === "time") {
    const time = typeof value === "string" ? parseIsoTime(value) : undefined;
    if (!time) throw invalid(path, "must be an ISO 8601 time");
    return time.getTime();
  }
  if (kind === "number") {
    if (typeof value !== "number") throw invalid(path, "must be a number");
    return value;
  }
  if (typeof value === "string") return value;
  if (kind === "text") throw invalid(path, "must be a text");
  if (typeof value === "number" || typeof value === "boolean") return value;
  throw invalid(path, "must be a text, a number, true, false or null");
}

/** Whether a memory fits. Absent fields equal null, are in no list, and are neither smaller nor larger than anything. For many memories take `predicate`. */
export function matches(subject: FilterSubject, filter: Filter): boolean {
  return predicate(filter)(subject);
}

/** The filter as a function, for many memories. Cost of a call: one pass over the clauses, no allocation. */
export function predicate(filter: Filter): (subject: FilterSubject) => boolean {
  if ("all" in filter) {
    const parts = filter.all.map(predicate);
    return parts.length === 1 && parts[0] ? parts[0] : (subject) => parts.every((part) => part(subject));
  }
  if ("any" in filter) {
    const parts = filter.any.map(predicate);
    return (subject) => parts.some((part) => part(subject));
  }
  if ("not" in filter) {
    const inner = predicate(filter.not);
    return (subject) => !inner(subject);
  }
  const { field, operator, value } = filter;
  if (!field.startsWith("metadata.")) {
    const name = field as Exclude<keyof FilterSubject, "metadata">;
    return (subject) => holds(subject[name], operator, value);
  }
  const path = field.slice("metadata.".length).split(".");
  return (subject) => holds(valueAt(subject.metadata, path), operator, value);
}

function valueAt(metadata: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = metadata;
  for (const step of path) {
    if (value === null || typeof value !== "object" || Array.isArray(value) || !Object.hasOwn(value, step))
      return undefined;
    value = (value as JsonObject)[step];
  }
  return value;
}

function holds(actual: Json | undefined, operator: Operator, expected: Scalar | readonly Scalar[]): boolean {
  switch (operator) {
    case "eq":
      return same(actual, expected as Scalar);
    case "ne":
      return !same(actual, expected as Scalar);
    case "in":
      return (expected as readonly Scalar[]).some((value) => same(actual, value));
    case "nin":
      return !(expected as readonly Scalar[]).some((value) => same(actual, value));
    case "exists":
      return (actual !== undefined && actual !== null) === expected;
    case "contains":
      return Array.isArray(actual)
        ? actual.includes(expected)
        : typeof actual === "string" && typeof expected === "string" && actual.includes(expected);
    default:
      return (
        typeof actual === typeof expected &&
        (typeof actual === "number" || typeof actual === "string") &&
        compares(actual, operator, expected as number | string)
      );
  }
}

function compares(actual: number | string, operator: "gt" | "gte" | "lt" | "lte", expected: number | string): boolean {
  if (operator === "gt") return actual > expected;
  if (operator === "gte") return actual >= expected;
  if (operator === "lt") return actual < expected;
  return actual <= expected;
}

/** A list equals a value when it holds it: tags are found by naming one. */
function same(actual: Json | undefined, expected: Scalar): boolean {
  if (actual === undefined || actual === null) return expected === null;
  return Array.isArray(actual) ? actual.includes(expected) : actual === expected;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function unknown(path: string, message: string): NexusError {
  return new NexusError("search.filter_unknown", `[nexus] ${path}: ${message}`, { problems: [{ path, message }] });
}

function invalid(path: string, message: string): NexusError {
  return new NexusError("search.filter_invalid", `[nexus] ${path}: ${message}`, { problems: [{ path, message }] });
}
