/** Where a result matches: the query's words in the chunk that scored best. */

import type { RecordReader } from "@nexus/core";
import { guessLanguage, matchSpans } from "@nexus/text";
import type { Span } from "../requests.ts";
import type { Hydrated } from "./hydrate.ts";

/** Spans shown of one result. */
const MAX_SPANS = 64;

/** One list of spans a result, UTF-16 offsets into its content. Only memories of several chunks need a read. */
export async function spansOf(
  kept: readonly Hydrated[],
  ids: ReadonlySet<number>,
  reader: RecordReader,
): Promise<Span[][]> {
  const long = kept.filter(({ memory }) => memory.chunkCount > 1);
  const rows =
    long.length === 0
      ? []
      : await reader.get(
          "chunk",
          long.map(({ fused, memory }) => [memory.id, fused.candidate.chunkIndex]),
        );
  const chunks = new Map(rows.flatMap((row) => (row ? [[row.memoryId, row] as const] : [])));
  return kept.map(({ memory }) => {
    const { startOffset, endOffset } = chunks.get(memory.id) ?? { startOffset: 0, endOffset: memory.content.length };
    return matchSpans(memory.content.slice(startOffset, endOffset), guessLanguage(memory.content).language, ids)
      .slice(0, MAX_SPANS)
      .map(({ start, end }) => ({
        start: start + startOffset,
        end: end + startOffset,
        term: memory.content.slice(start + startOffset, end + startOffset),
      }));
  });
}
