/** The part of `nexus import` that hands a file's lines to the server as they are. */

import type { Scope } from "@nexus/client";
import { asNexusError, NexusError } from "@nexus/core";
import { parseImportRow, rowsOfLine } from "@nexus/protocol";
import type { Invocation } from "../command.ts";
import { EXIT, withoutOrigin } from "../failure.ts";
import { watchEnd } from "../import/cut-off.ts";
import type { LineSource } from "../import/file-lines.ts";
import { linesOfDocument, type Product } from "../import/products.ts";
import { badRowReporter, type BadRowReporter } from "../import/report.ts";
import { transferLines } from "../import/transfer.ts";
import { count, createProgress, duration } from "../print/progress.ts";
import { printJson } from "../terminal.ts";

const NAMES: Readonly<Record<Product, string>> = {
  export: "an export of Memory Nexus",
  mem0: "an export of mem0",
  zep: "an export of Zep",
};

export interface ProductImport {
  readonly source: LineSource;
  readonly product: Product;
  /** Of the file, for people. */
  readonly name: string;
  readonly scope: Scope;
  readonly dryRun: boolean;
}

type Context = Pick<Invocation, "global" | "terminal" | "signal" | "connect">;

/** The exit code. throws  import.format for a file with nothing in it */
export async function importProduct(request: ProductImport, context: Context): Promise<number> {
  const { source, product, name, scope } = request;
  const { global, terminal, signal, connect } = context;
  if (isEmpty(source)) throw new NexusError("import.format", `there is nothing to import in the file as ${product}`);
  const report = badRowReporter(terminal);
  // A document over several lines has to be taken apart first, and so to fit into memory.
  const document = product === "export" ? undefined : await documentOf(source);
  const watched = watchEnd(source.lines());
  const lines = document ?? watched.lines;
  const reportEnd = (): void => {
    const missing = product === "export" ? watched.missingEnd() : undefined;
    if (missing) report.add(missing);
    report.end();
  };
  if (request.dryRun) return await rehearse(lines, request, { ...report, end: reportEnd }, context);

  const { client, where } = await connect();
  const startedAt = performance.now();
  const progress = createProgress(terminal, {
    label: `Importing ${name} (bytes)`,
    total: source.size,
    now: () => performance.now(),
  });
  try {
    const tally = await transferLines(lines, {
      client,
      scope,
      signal,
      onBad: (row) => {
        progress.end();
        report.add(row);
      },
      onProgress: (bytes) => (global.json ? undefined : progress.update(Math.min(bytes, source.size))),
    });
    progress.end();
    reportEnd();
    if (global.json) printJson(terminal, { format: product, ...tally, errors: report.rows });
    else {
      const known = tally.unchanged > 0 ? `, ${count(tally.unchanged)} known already` : "";
      const refused = tally.failed > 0 ? `; ${count(tally.failed)} refused` : "";
      const elapsed = duration(performance.now() - startedAt);
      terminal.out(`Imported ${name} into ${where}: ${count(tally.imported)} rows${known} in ${elapsed}${refused}.`);
    }
    return report.rows.length > 0 || tally.failed > 0 ? EXIT.failed : EXIT.ok;
  } catch (error) {
    progress.end();
    report.end();
    terminal.err("Stopped; run the same command again to go on: what is there already is not taken in twice.");
    throw error;
  }
}

function isEmpty({ head, size }: LineSource): boolean {
  return size <= head.length && new TextDecoder().decode(head).trim() === "";
}

/** Reads all and sends nothing. */
async function rehearse(
  lines: AsyncIterable<Uint8Array> | Iterable<string>,
  { product, name, scope }: ProductImport,
  report: BadRowReporter,
  { global, terminal }: Context,
): Promise<number> {
  const tally: Record<string, number> = {};
  const names = {
    userId: scope.userId ?? undefined,
    agentId: scope.agentId ?? undefined,
    sessionId: scope.sessionId ?? undefined,
  };
  const decoder = new TextDecoder();
  let line = 0;
  for await (const bytes of lines) {
    line++;
    const text = typeof bytes === "string" ? bytes : decoder.decode(bytes);
    if (text.trim() === "") continue;
    for (const row of rowsOf(text)) {
      try {
        const { kind } = parseImportRow(row, names, Date.now());
        const what = kind === "told" ? "memory" : kind;
        tally[what] = (tally[what] ?? 0) + 1;
      } catch (error) {
        report.add({ line, detail: withoutOrigin(asNexusError(error).message) });
      }
    }
  }
  report.end();
  if (global.json) printJson(terminal, { format: product, rows: tally, errors: report.rows });
  else {
    const refused = report.rows.length > 0 ? `, and ${count(report.rows.length)} that cannot be` : "";
    const rows = Object.entries(tally).map(([what, number]) => `  ${what.padEnd(9)} ${count(number)}`);
    terminal.out([`${name} is ${NAMES[product]}. Nothing was imported; this would be:`, ...rows].join("\n") + refused);
  }
  return report.rows.length > 0 ? EXIT.failed : EXIT.ok;
}

function rowsOf(text: string): readonly unknown[] {
  try {
    return rowsOfLine(JSON.parse(text.replace(/^\uFEFF/, "")) as unknown);
  } catch {
    return [undefined];
  }
}

async function documentOf(source: LineSource): Promise<string[] | undefined> {
  const head = new TextDecoder().decode(source.head);
  // The first line of NDJSON is a document of its own.
  const [first = ""] = head.split("\n", 1);
  const isLines = linesOfDocument(first.replace(/^\uFEFF/, "")) !== undefined;
  return isLines ? undefined : linesOfDocument(new TextDecoder().decode(await source.all()));
}
