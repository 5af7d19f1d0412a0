/** What a log may say of an error: where it happened, and its message only when that cannot hold a caller's text. */

import { type LogFields, NexusError } from "@nexus/core";

const DEEPEST_CAUSE = 4;
const LONGEST_STACK = 4_000;
/** Messages of these are the engine's own words; a SyntaxError of JSON, for one, quotes its input. */
const ENGINE_ERRORS = [TypeError, RangeError, ReferenceError];

export function failureFields(error: unknown): LogFields {
  const lines: string[] = [];
  let current: unknown = error;
  for (let depth = 0; depth < DEEPEST_CAUSE && current instanceof Error; depth++) {
    lines.push(`${depth === 0 ? "" : "caused by "}${headline(current)}`, ...frames(current));
    current = current.cause;
  }
  return { stack: lines.join("\n").slice(0, LONGEST_STACK) };
}

function headline(error: Error): string {
  const speaks = error instanceof NexusError || ENGINE_ERRORS.some((kind) => error instanceof kind);
  return speaks ? `${error.name}: ${error.message}` : error.name;
}

function frames(error: Error): string[] {
  return (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
}
