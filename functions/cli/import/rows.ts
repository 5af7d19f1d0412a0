/** What a file holds: rows that can be imported, rows that cannot, and the format they are in. */

import type { NewMemory } from "@nexus/client";
import { NexusError } from "@nexus/core";
import { isNdjson, parseNdjson, whyNotNdjson } from "./ndjson.ts";
import { isTranscript, parseTranscript } from "./transcript.ts";

export const FORMATS = ["ndjson", "transcript"] as const;
export type Format = (typeof FORMATS)[number];

export interface Row {
  /** Of its first line in the file, from 1. */
  readonly line: number;
  readonly memory: NewMemory;
}

export interface BadRow {
  readonly line: number;
  readonly detail: string;
}

export interface Parsed {
  readonly format: Format;
  readonly rows: readonly Row[];
  readonly bad: readonly BadRow[];
}

export interface ParseOptions {
  /** Found out from the text if left out. */
  readonly format?: Format | undefined;
  /** For rows that name no user. */
  readonly userId?: string | undefined;
  readonly agentId?: string | undefined;
  /** For NDJSON rows that name no session; for a transcript the name of its sessions, numbered if there are several. */
  readonly sessionId?: string | undefined;
  /** What the sessions of a transcript are called when nobody named them. */
  readonly fileName: string;
}

/** throws  import.format when the text is in no format that can be imported */
export function parseRows(text: string, options: ParseOptions): Parsed {
  const lines = text.split(/\r\n|\n|\r/);
  const format = options.format ?? detect(lines);
  const parsed = format === "ndjson" ? parseNdjson(lines, options) : parseTranscript(lines, options);
  if (parsed.rows.length > 0 || parsed.bad.length > 0) return { format, ...parsed };
  throw new NexusError("import.format", `there is nothing to import in the file as ${format}`);
}

function detect(lines: readonly string[]): Format {
  if (isTranscript(lines)) return "transcript";
  if (isNdjson(lines)) return "ndjson";
  const reason = whyNotNdjson(lines) ?? "it is neither one JSON object a line nor a chat transcript (Name: text)";
  throw new NexusError("import.format", `the file cannot be imported: ${reason}; see nexus import --help`);
}
