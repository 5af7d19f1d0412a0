/** POST /api/import: which of the known forms a line has, and what it says in ours. */

import { type ErrorCode, isUuid, NexusError } from "@nexus/core";
import { z } from "zod";
import { EXPORT_VERSION } from "./export.ts";
import { errorCode } from "./failure.ts";
import { importedMem0 } from "./import-mem0.ts";
import { type ImportedItem, importedOwn, isOwnLine } from "./import-own.ts";
import { importedZep, isZep } from "./import-zep.ts";
import { scopeParameters } from "./query-text.ts";
import { parseRemember, type RememberedInput, toNewMemories } from "./remember.ts";
import { validate } from "./validate.ts";

/** For lines of other products that name none. */
export const importQuery = z.strictObject(scopeParameters);

export type ImportScope = z.output<typeof importQuery>;

export const importWire = z.object({
  imported: z.int(),
  unchanged: z.int().meta({ description: "There already." }),
  failed: z
    .array(z.object({ line: z.int(), code: errorCode, detail: z.string() }))
    .meta({ description: "The first 100 of the lines that could not be taken in." }),
  total: z.int().meta({ description: "Rows seen: a line that holds a list is as many rows." }),
});

export function parseImportQuery(input: unknown): ImportScope {
  return validate(importQuery, input);
}

/** The rows of one line: one, unless it holds a list as mem0 and Zep answer it. Lines of an export that nothing is to be made of have none. */
export function rowsOfLine(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return [value];
  if (SKIPPED.has(value["type"])) return [];
  const lists = LISTS.map((name) => value[name]).filter((list) => Array.isArray(list)) as unknown[][];
  return lists.length > 0 && typeof value["content"] !== "string" ? lists.flat() : [value];
}

/** Header and trailer; entities and relations, which are made anew from the memories that name them. */
const SKIPPED = new Set<unknown>(["export", "end", "entity", "relation"]);

const LISTS = ["results", "memories", "messages", "facts", "edges"];

/**
 * A row in our terms.
 *
 * throws   `import.format` for a row in no known form, and for an export of a newer release; `import.row`, naming
 *          fields, for one in a known form that cannot be taken in
 */
export function parseImportRow(row: unknown, scope: ImportScope, now: number): ImportedItem {
  if (!isObject(row)) throw unknownForm();
  try {
    if (isOwnLine(row)) return importedOwn(row, now);
    const told = toldOf(row);
    if (!told) throw unknownForm();
    const [memory] = toNewMemories(parseRemember({ memories: [filled(told, scope)] }), now);
    if (!memory) throw unknownForm();
    return { kind: "told", memory: named(memory, row) };
  } catch (error) {
    if (!(error instanceof NexusError) || error.code === "import.format") throw error;
    throw asRow(error);
  }
}

/** Checks the first line of an export. throws  `import.format` for one of a newer release or of none */
export function checkHeader(value: unknown): void {
  if (!isObject(value) || value["type"] !== "export") return;
  const { format, version } = value;
  if (format !== "memory-nexus") throw badHeader("format", "memory-nexus");
  if (!Number.isSafeInteger(version) || Number(version) < 1) throw badHeader("version", "a whole number from 1");
  if (Number(version) <= EXPORT_VERSION) return;
  throw new NexusError(
    "import.format",
    "[nexus] this export was written by a newer release, in a format that this one does not read; update the server",
  );
}

function badHeader(field: string, expected: string): NexusError {
  const message = `[nexus] ${field} of the export's first line must be ${expected}; export again, or remove the line`;
  return new NexusError("import.format", message);
}

function toldOf(row: Record<string, unknown>): Record<string, unknown> | undefined {
  if (isZep(row)) return importedZep(row);
  if (typeof row["memory"] === "string") return importedMem0(row);
  return typeof row["content"] === "string" ? row : undefined;
}

function filled(told: Record<string, unknown>, scope: ImportScope): Record<string, unknown> {
  return { ...told, ...Object.fromEntries(Object.entries(scope).filter(([name]) => isAbsent(told[name]))) };
}

/** An id of another product that is no UUID is kept as externalId. */
function named(memory: RememberedInput, row: Record<string, unknown>): RememberedInput {
  const id = row["uuid"] ?? row["id"];
  if (memory.id !== undefined || memory.externalId !== undefined || typeof id !== "string" || isUuid(id)) return memory;
  return { ...memory, externalId: id };
}

function asRow({ code, message, problems }: NexusError): NexusError {
  const detail = problems
    .map(({ path, message: problem }) => `${path.replace(/^memories\.0\.?/, "")} ${problem}`.trim())
    .join("; ");
  return new NexusError("import.row", `${detail || message} (${code satisfies ErrorCode})`);
}

function unknownForm(): NexusError {
  return new NexusError(
    "import.format",
    "is in no form that can be imported: a line of an export, a memory (content), or a row of mem0 (memory) or Zep (uuid)",
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
