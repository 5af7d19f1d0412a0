/** Step 1 of the write path: everything that can be computed before the transaction — chunks, terms, vectors, hashes. */

import { type Chunk, type Embedder, formatUuid, type Ids, NAMESPACE_BYTES, type SparseVector } from "@nexus/core";
import { sha256Hex } from "@nexus/platform";
import {
  type ChunkOptions,
  chunkSemantic,
  countTokens,
  documentVector,
  encodeSparse,
  guessLanguage,
} from "@nexus/text";
import { sha1 } from "@noble/hashes/legacy.js";
import type { Settings } from "../defaults.ts";
import type { NewMemory } from "../requests.ts";

/** What a text becomes: independent of who stores it and under which id. */
export interface PreparedText {
  readonly content: string;
  readonly contentHash: string;
  readonly language: string;
  readonly tokenCount: number;
  readonly chunks: readonly PreparedChunk[];
  /** Spans beyond those in `chunks`, left to a job. */
  readonly pendingCount: number;
}

export interface PreparedChunk {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly tokenCount: number;
  readonly sparse: SparseVector;
  readonly vector: Float32Array;
}

export interface PreparedMemory {
  readonly input: NewMemory;
  readonly id: string;
  readonly text: PreparedText;
}

export type PrepareSettings = Pick<
  Settings,
  "inlineChunks" | "chunkTokens" | "chunkOverlapTokens" | "chunkWholeTokens"
>;

/** Prepares a batch; one embedding call for all of it. Cost: about 0.1 ms for a sentence with the hashing embedder. */
export async function prepareAll(
  inputs: readonly NewMemory[],
  { embedder, ids, settings }: { embedder: Embedder; ids: Ids; settings: PrepareSettings },
): Promise<PreparedMemory[]> {
  const texts = await prepareTexts(inputs, { embedder, settings });
  return inputs.map((input, i) => ({ input, id: input.id ?? ids.next(), text: texts[i] as PreparedText }));
}

export async function prepareTexts(
  inputs: readonly Pick<NewMemory, "content" | "speaker">[],
  { embedder, settings }: { embedder: Embedder; settings: PrepareSettings },
): Promise<PreparedText[]> {
  const drafts = inputs.map((input) => draft(input, settings));
  const vectors = await embedder.embed(
    drafts.flatMap(({ content, spans }, i) => spans.map((span) => spoken(slice(content, span), inputs[i]?.speaker))),
  );
  let next = 0;
  return drafts.map(({ spans, ...rest }, i) => ({
    ...rest,
    chunks: spans.map((span) => ({
      ...span,
      sparse: documentVector(slice(rest.content, span), { language: rest.language, speaker: inputs[i]?.speaker }),
      vector: vectors[next++] as Float32Array,
    })),
  }));
}

/** Chunks `from` … `to` of a text whose first chunks are stored already; the cuts are the same as at first. */
export async function prepareChunks(
  input: Pick<NewMemory, "content" | "speaker"> & { readonly language: string },
  { from, to, embedder, settings }: { from: number; to: number; embedder: Embedder; settings: PrepareSettings },
): Promise<PreparedChunk[]> {
  const spans = chunkSemantic(input.content, chunkOptions(settings)).slice(from, to);
  const vectors = await embedder.embed(spans.map((span) => spoken(slice(input.content, span), input.speaker)));
  return spans.map((span, i) => ({
    ...span,
    sparse: documentVector(slice(input.content, span), { language: input.language, speaker: input.speaker }),
    vector: vectors[i] as Float32Array,
  }));
}

/** The row of a chunk; `pointId` is a UUIDv5 of memory and chunk, so that projecting twice gives the same point. */
export function chunkRow(memoryId: string, index: number, chunk: PreparedChunk): Chunk {
  return {
    memoryId,
    index,
    pointId: pointId(memoryId, index),
    startOffset: chunk.startOffset,
    endOffset: chunk.endOffset,
    tokenCount: chunk.tokenCount,
    strategy: "semantic",
    sparse: encodeSparse(chunk.sparse),
  };
}

export function pointId(memoryId: string, index: number): string {
  const name = new TextEncoder().encode(`${memoryId}:${index}`);
  const bytes = new Uint8Array(NAMESPACE_BYTES.length + name.length);
  bytes.set(NAMESPACE_BYTES);
  bytes.set(name, NAMESPACE_BYTES.length);
  return formatUuid(sha1(bytes), 5);
}

function hashContent(content: string): string {
  return sha256Hex(content.normalize("NFC"));
}

function draft({ content }: Pick<NewMemory, "content">, settings: PrepareSettings) {
  const spans = chunkSemantic(content, chunkOptions(settings));
  return {
    content,
    contentHash: hashContent(content),
    language: guessLanguage(content).language,
    tokenCount: spans.length === 1 && spans[0] ? spans[0].tokenCount : countTokens(content),
    spans: spans.slice(0, settings.inlineChunks),
    pendingCount: Math.max(0, spans.length - settings.inlineChunks),
  };
}

function chunkOptions({ chunkTokens, chunkOverlapTokens, chunkWholeTokens }: PrepareSettings): ChunkOptions {
  return { maxTokens: chunkTokens, overlapTokens: chunkOverlapTokens, wholeTokens: chunkWholeTokens };
}

function slice(content: string, span: { readonly startOffset: number; readonly endOffset: number }): string {
  return content.slice(span.startOffset, span.endOffset);
}

/** What is embedded: with the speaker's name in front, dense recall@10 rises by .06 on conversations. */
function spoken(text: string, speaker: string | undefined): string {
  return speaker === undefined ? text : `${speaker}: ${text}`;
}
