/** Takes the lines of an import in, a hundred rows at a time, and says what became of them. */

import { asNexusError, type ErrorCode, NexusError } from "@nexus/core";
import type { ImportItem, MemoryService, Writer } from "@nexus/memory";
import { checkHeader, type ImportScope, parseImportRow, rowsOfLine } from "@nexus/protocol";
import type { Line } from "./ndjson-lines.ts";

export interface ImportReport {
  imported: number;
  unchanged: number;
  /** The first 100. */
  readonly failed: { readonly line: number; readonly code: ErrorCode; readonly detail: string }[];
  /** Rows seen. */
  total: number;
}

export interface ImportOptions {
  readonly memory: Pick<MemoryService, "importItems">;
  readonly writer: Writer;
  readonly scope: ImportScope;
  readonly now: () => number;
}

const BATCH = 100;
/** Rows gathered before they are taken in have this much text at most, but for the line that goes beyond it. */
const BATCH_BYTES = 4_194_304;
const MOST_NAMED = 100;
/** A body whose first rows are all in no known form is something else, and is not read to its end. */
const FORMLESS = 100;

/** throws  `import.format` when no row is in a known form, store.* */
export async function importLines(lines: AsyncIterable<Line>, options: ImportOptions): Promise<ImportReport> {
  const { memory, writer, scope, now } = options;
  const report: ImportReport = { imported: 0, unchanged: 0, failed: [], total: 0 };
  const fail = (line: number, code: ErrorCode, detail: string): void => {
    if (report.failed.length < MOST_NAMED) report.failed.push({ line, code, detail: withoutOrigin(detail) });
  };
  let known = false;
  let batch: { readonly line: number; readonly item: ImportItem }[] = [];
  let gathered = 0;

  const flush = async (): Promise<void> => {
    const results = await memory.importItems(
      writer,
      batch.map(({ item }) => item),
    );
    results.forEach(({ event, error }, i) => {
      if (event !== "failed") report[event]++;
      else fail(batch[i]?.line ?? 0, error?.code ?? "import.row", error?.detail ?? "");
    });
    batch = [];
    gathered = 0;
  };

  for await (const { number, bytes, value, error } of lines) {
    checkHeader(value);
    const rows = error ? [undefined] : rowsOfLine(value);
    if (rows.length === 0) known = true;
    gathered += bytes;
    for (const row of rows) {
      report.total++;
      try {
        if (error) throw error;
        batch.push({ line: number, item: parseImportRow(row, scope, now()) });
        known = true;
      } catch (thrown) {
        const { code, message } = asNexusError(thrown);
        known ||= code === "import.row";
        fail(
          number,
          "import.row",
          code === "import.row" || code === "import.format" ? message : `${message} (${code})`,
        );
      }
      if (!known && report.total >= FORMLESS) throw formless(report);
      if (batch.length === BATCH || (batch.length > 0 && gathered > BATCH_BYTES)) await flush();
    }
  }
  if (!known) throw formless(report);
  if (batch.length > 0) await flush();
  return report;
}

function formless({ failed, total }: ImportReport): NexusError {
  const [first] = failed;
  const reason = first ? `line ${first.line}: ${first.detail}` : "it is empty";
  return new NexusError("import.format", `[nexus/http] none of ${total} rows can be imported; ${reason}`);
}

function withoutOrigin(detail: string): string {
  return detail.replace(/^\[nexus[^\]]*\] /, "");
}
