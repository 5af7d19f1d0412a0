/** NDJSON: one memory a line, as POST /api/memories takes it. */

import type { NewMemory } from "@nexus/client";
import type { BadRow, Parsed, ParseOptions, Row } from "./rows.ts";

const SAMPLE_LINES = 50;

/** At least half of the first lines look like objects, so that a damaged row does not hide the format. */
export function isNdjson(lines: readonly string[]): boolean {
  const sample = sampleOf(lines);
  const objects = sample.filter((line) => line.startsWith("{") && line.length > 1).length;
  return objects > 0 && objects * 2 >= sample.length && objectOf(sample.find(isObject) ?? "") !== undefined;
}

/** A hint for JSON in another arrangement. */
export function whyNotNdjson(lines: readonly string[]): string | undefined {
  const [first = ""] = sampleOf(lines);
  if (first.startsWith("[")) return "it is a JSON array; make it one object a line, for example with jq -c '.[]'";
  if (first.startsWith("{")) return "it is JSON over several lines; make it one object a line, for example with jq -c";
  return undefined;
}

export function parseNdjson(
  lines: readonly string[],
  { userId, agentId, sessionId }: ParseOptions,
): Pick<Parsed, "rows" | "bad"> {
  const rows: Row[] = [];
  const bad: BadRow[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const value = objectOf(line);
    if (value) rows.push({ line: i + 1, memory: { ...defaults({ userId, agentId, sessionId }), ...present(value) } });
    else bad.push({ line: i + 1, detail: "is not a JSON object" });
  }
  return { rows, bad };
}

function sampleOf(lines: readonly string[]): string[] {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(0, SAMPLE_LINES);
}

function isObject(line: string): boolean {
  return objectOf(line) !== undefined;
}

function objectOf(line: string): NewMemory | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as NewMemory) : undefined;
  } catch {
    return undefined;
  }
}

function defaults(scope: Pick<ParseOptions, "userId" | "agentId" | "sessionId">): Partial<NewMemory> {
  return present(scope);
}

/** Without the fields that say nothing. */
function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null && field !== undefined)) as T;
}
