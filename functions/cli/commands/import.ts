/** `nexus import` */

import { basename, extname } from "node:path";
import { choice } from "../arguments.ts";
import { command, SCOPE_OPTIONS, UsageError } from "../command.ts";
import { EXIT } from "../failure.ts";
import { sha256 } from "../import/batches.ts";
import { checkRows } from "../import/check.ts";
import { decodeText } from "../import/decode.ts";
import { openLines } from "../import/file-lines.ts";
import { type Product, productOf, PRODUCTS } from "../import/products.ts";
import { badRowReporter, describe, outcome } from "../import/report.ts";
import { FORMATS, parseRows } from "../import/rows.ts";
import { upload } from "../import/upload.ts";
import { createProgress } from "../print/progress.ts";
import { printJson } from "../terminal.ts";
import { importProduct } from "./import-product.ts";

const ALL_FORMATS = [...FORMATS, ...PRODUCTS];

export const importFile = command({
  name: "import",
  summary: "keep what is in a file: NDJSON, a chat, an export of this server, mem0 or Zep",
  usage: [
    "<file|-> [options]",
    "nexus import --user me chat.txt --dry-run",
    "nexus import --user me chat.txt",
    "nexus import memories.ndjson",
    "nexus import export-of-mem0.json --user me",
  ],
  options: {
    ...SCOPE_OPTIONS,
    format: { type: "string", value: "<format>", help: `${ALL_FORMATS.join(", ")}; found out if left out` },
    "dry-run": { type: "boolean", help: "say what would be imported, and import nothing" },
  },
  notes: `Formats:
  ndjson      one memory a line, as POST /api/memories takes it:
                {"content":"I moved to Quay Street","userId":"me","createdAt":"2025-03-29"}
              --user, --agent and --session are for the lines that name none
  transcript  turns in one of these forms, each going on until the next begins:
                [2025-03-01 18:30] Ana: text
                Ana (2025-03-01 18:30): text
                Ana: text
              times are UTC unless they end in an offset such as +02:00; a blank line or a
              heading (# …, ---) begins a new session, called after the file or --session
  export      what nexus export writes: memories come back in the state they had (admin key)
  mem0, zep   their memories, messages and facts, one object a line or one JSON document;
              --user, --agent and --session are for those that name none (admin key)

A row that cannot be imported is reported with its line, the rest goes on, and the exit code
is 1. The same import can be run again: what is there already is not kept twice.`,
  async run({ values, positionals, global, terminal, signal, connect }) {
    const [path, ...more] = positionals;
    if (path === undefined) throw new UsageError("the file is missing");
    if (more.length > 0) throw new UsageError("one file at a time");
    const asked = choice("format", values.format, ALL_FORMATS);
    const name = path === "-" ? "standard input" : basename(path);
    const source = await openLines(path, terminal);
    const format = FORMATS.find((known) => known === asked);
    const product = PRODUCTS.find((known) => known === asked) ?? (format ? undefined : productOfHead(source.head));
    if (product) {
      const scope = { userId: values.user, agentId: values.agent, sessionId: values.session };
      const request = { source, product, name, scope, dryRun: values["dry-run"] === true };
      return await importProduct(request, { global, terminal, signal, connect });
    }
    const bytes = await source.all();
    const fileHash = sha256(bytes);
    const parsed = parseRows(decodeText(bytes), {
      format,
      userId: values.user,
      agentId: values.agent,
      sessionId: values.session,
      fileName: path === "-" ? `import-${fileHash.slice(0, 8)}` : basename(path, extname(path)),
    });
    const { good, bad } = checkRows(parsed.rows, Date.now());
    const report = badRowReporter(terminal);
    for (const row of [...parsed.bad, ...bad].toSorted((a, b) => a.line - b.line)) report.add(row);

    if (values["dry-run"]) {
      report.end();
      if (global.json)
        printJson(terminal, { format: parsed.format, memories: good.map(({ memory }) => memory), errors: report.rows });
      else terminal.out(describe(good, { name, format: parsed.format, refused: report.rows.length }));
      return report.rows.length > 0 ? EXIT.failed : EXIT.ok;
    }

    const { client, where } = await connect();
    const startedAt = performance.now();
    const progress = createProgress(terminal, {
      label: `Importing ${name}`,
      total: good.length,
      now: () => performance.now(),
    });
    const show = (done: number) => (global.json ? undefined : progress.update(done));
    let done = 0;
    show(done);
    try {
      const tally = await upload(good, {
        client,
        fileHash,
        signal,
        onBad: (row) => {
          progress.end();
          report.add(row);
        },
        onProgress: (count) => show((done = count)),
      });
      progress.end();
      report.end();
      if (global.json)
        printJson(terminal, { format: parsed.format, ...tally, failed: report.rows.length, errors: report.rows });
      else
        terminal.out(
          outcome(tally, { name, where, refused: report.rows.length, elapsedMs: performance.now() - startedAt }),
        );
    } catch (error) {
      progress.end();
      report.end();
      terminal.err(`Stopped after ${done} of ${good.length}; run the same command again to go on.`);
      throw error;
    }
    return report.rows.length > 0 ? EXIT.failed : EXIT.ok;
  },
});

function productOfHead(head: Uint8Array): Product | undefined {
  return productOf(new TextDecoder().decode(head));
}
