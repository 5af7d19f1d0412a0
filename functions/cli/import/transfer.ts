/** Sends the lines of an export, of mem0 or of Zep to the server in pieces, so that progress shows and a failure costs one piece. */

import { type ImportReport, type NexusClient, NexusClientError, type Scope } from "@nexus/client";
import { LIMITS } from "@nexus/core";
import { withoutOrigin } from "../failure.ts";
import type { BadRow } from "./rows.ts";

export interface TransferTally {
  imported: number;
  unchanged: number;
  failed: number;
}

export interface TransferOptions {
  readonly client: Pick<NexusClient, "import">;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly onBad: (row: BadRow) => void;
  /** Bytes that are done. */
  readonly onProgress: (bytes: number) => void;
}

/** Rows that the server takes in about a second. */
const PIECE_LINES = 1_000;
const PIECE_BYTES = LIMITS.maxBodyBytes;

const decoder = new TextDecoder("utf-8", { fatal: true });

interface Piece {
  /** Numbers of the lines in the file. */
  readonly numbers: number[];
  readonly lines: string[];
}

/** throws  what ends the import: no permission, no server, a full disk, a file in no known form */
export async function transferLines(
  lines: AsyncIterable<Uint8Array> | Iterable<string>,
  options: TransferOptions,
): Promise<TransferTally> {
  const tally: TransferTally = { imported: 0, unchanged: 0, failed: 0 };
  const refuse = (row: BadRow): void => {
    tally.failed++;
    options.onBad(row);
  };
  let piece: Piece = { numbers: [], lines: [] };
  let [number, size, done] = [0, 0, 0];
  const send = async (): Promise<void> => {
    if (piece.lines.length > 0) await sendPiece(piece, tally, refuse, options);
    options.onProgress(done);
    piece = { numbers: [], lines: [] };
    size = 0;
  };
  for await (const line of lines) {
    number++;
    const bytes = line.length + 1;
    const text = typeof line === "string" ? line : decoded(line);
    if (text === undefined) refuse({ line: number, detail: "is not valid UTF-8" });
    else if (text.trim() !== "") {
      if (piece.lines.length === PIECE_LINES || size + bytes > PIECE_BYTES) await send();
      // A byte-order mark would hide the first brace.
      piece.lines.push(number === 1 ? text.replace(/^\uFEFF/, "") : text);
      piece.numbers.push(number);
      size += bytes;
    }
    done += bytes;
  }
  await send();
  return tally;
}

async function sendPiece(
  { lines, numbers }: Piece,
  tally: TransferTally,
  refuse: (row: BadRow) => void,
  { client, scope, signal }: TransferOptions,
): Promise<void> {
  let report: ImportReport;
  try {
    report = await client.import(`${lines.join("\n")}\n`, { scope, signal });
  } catch (error) {
    const hasBegun = tally.imported + tally.unchanged > 0;
    if (!hasBegun || !(error instanceof NexusClientError) || error.code !== "import.format") throw error;
    // The file is in a known form, and a whole piece of it is not.
    for (const line of numbers) refuse({ line, detail: withoutOrigin(error.detail) });
    return;
  }
  tally.imported += report.imported;
  tally.unchanged += report.unchanged;
  for (const { line, detail } of report.failed) refuse({ line: numbers[line - 1] ?? 0, detail: withoutOrigin(detail) });
  // The server names the first 100 of a piece.
  tally.failed += Math.max(0, report.total - report.imported - report.unchanged - report.failed.length);
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
