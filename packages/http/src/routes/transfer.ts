/** POST /api/export and /api/import: all out and in again, as streams of lines. */

import { NexusError } from "@nexus/core";
import type { ExportItem } from "@nexus/memory";
import { exportHeader, exportLine, exportTrailer, parseExport, parseImportQuery } from "@nexus/protocol";
import { answer, answerStream } from "../answer.ts";
import type { AppContext, AppDependencies, AppHandler } from "../dependencies.ts";
import { importLines } from "../import-report.ts";
import { jsonBody, jsonBodyIfAny } from "../json-body.ts";
import { needs } from "../middleware/grants.ts";
import { type Line, jsonLines } from "../ndjson-lines.ts";
import { writerOf } from "../preconditions.ts";
import { queryString } from "../query-string.ts";
import { resource, type Routes } from "../resource.ts";

const NDJSON = "application/x-ndjson";
const JSON_TYPE = "application/json";
/** Text gathered before it is sent: a line at a time would cost a system call each. */
const CHUNK_CHARACTERS = 65_536;

export function transfer(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory, clock, settings } = deps;

  resource(routes, "/api/export", {
    POST: [
      ...caller,
      needs("admin"),
      async (c) => {
        const { userId } = parseExport((await jsonBodyIfAny(c, settings.maxBodyBytes)) ?? {});
        const items = memory.exportItems(c.get("principal").scope, { userId });
        const lines = linesOf(items, clock.now(), userId);
        return answerStream(c, 200, chunked(lines), { "content-type": NDJSON });
      },
    ],
  });

  resource(
    routes,
    "/api/import",
    {
      POST: [
        ...caller,
        needs("admin"),
        async (c) => {
          const scope = parseImportQuery(queryString(c));
          const { scope: tenant, keyId } = writerOf(c, null);
          // Nothing is kept of the answer: every row is looked for before it is taken in.
          const writer = { scope: tenant, keyId };
          const lines = await linesOfBody(c, settings.maxBodyBytes);
          return answer(c, 200, await importLines(lines, { memory, writer, scope, now: () => clock.now() }));
        },
      ],
    },
    ["POST"],
  );
}

async function* linesOf(
  items: AsyncIterable<ExportItem>,
  at: number,
  userId: string | undefined,
): AsyncGenerator<string, void, undefined> {
  const counts = { memory: 0, entity: 0, relation: 0, reference: 0, feedback: 0 };
  yield `${JSON.stringify(exportHeader(at, userId))}\n`;
  for await (const item of items) {
    counts[item.kind]++;
    yield `${JSON.stringify(exportLine(item))}\n`;
  }
  yield `${JSON.stringify(exportTrailer(counts))}\n`;
}

async function* chunked(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const encoder = new TextEncoder();
  let text = "";
  for await (const line of lines) {
    text += line;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield encoder.encode(text);
    text = "";
  }
  if (text !== "") yield encoder.encode(text);
}

/** NDJSON is read as it comes; a JSON document, which has no lines, is bounded like any other body. throws body.content_type */
async function linesOfBody(c: AppContext, maxBodyBytes: number): Promise<AsyncIterable<Line>> {
  const [type = ""] = (c.req.header("content-type") ?? "").toLowerCase().split(";");
  if (type.trim() === JSON_TYPE) return only({ number: 1, bytes: 0, value: await jsonBody(c, maxBodyBytes) });
  if (type.trim() === NDJSON && (c.req.header("content-encoding") ?? "identity") === "identity") {
    return jsonLines(c, maxBodyBytes);
  }
  throw new NexusError(
    "body.content_type",
    `[nexus/http] send one JSON object a line as \`content-type: ${NDJSON}\`, or one document as ${JSON_TYPE}, not compressed`,
  );
}

// oxlint-disable-next-line require-await -- an iterable like that of a stream
async function* only(line: Line): AsyncGenerator<Line, void, undefined> {
  yield line;
}
