/** Step 1 of the write path: everything that can be computed before the transaction — chunks, terms, vectors, hashes. */

import type { Chunk, Clock, Embedder, Ids, MentionedEntity, SparseVector } from "@nexus/core";
import { sha256Hex } from "@nexus/platform";
import {
  type ChunkOptions,
  chunkSemantic,
  countTokens,
  documentVector,
  encodeSparse,
  guessLanguage,
  nameKey,
} from "@nexus/text";
import { languageOf } from "@nexus/text/language";
import type { Settings } from "../defaults.ts";
import type { NewMemory } from "../requests.ts";
import { type KnownIds, nameId } from "./name-id.ts";
import { signatureTerms, withTerms } from "./signature.ts";
import { type Told, understand, type Understood } from "./understand.ts";

/** What a text becomes: independent of who stores it and under which id. */
export interface PreparedText {
  readonly content: string;
  readonly contentHash: string;
  readonly language: string;
  /** Probability that it is in that language. */
  readonly languageConfidence: number;
  /** The language of its stems. */
  readonly stemming: string;
  readonly tokenCount: number;
  readonly chunks: readonly PreparedChunk[];
  /** Spans beyond those in `chunks`, left to a job. */
  readonly pendingCount: number;
  /** Near-duplicate terms, indexed with the first chunk. */
  readonly signature: Uint32Array;
  readonly understood: Understood;
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
  { embedder, ids, clock, settings }: { embedder: Embedder; ids: Ids; clock: Clock; settings: PrepareSettings },
): Promise<PreparedMemory[]> {
  const now = new Date(clock.now());
  const told = inputs.map((input) => ({ ...input, createdAt: input.createdAt ?? now }));
  const texts = await prepareTexts(told, { embedder, settings });
  return inputs.map((input, i) => ({ input, id: input.id ?? ids.next(), text: texts[i] as PreparedText }));
}

export async function prepareTexts(
  inputs: readonly Told[],
  { embedder, settings }: { embedder: Embedder; settings: PrepareSettings },
): Promise<PreparedText[]> {
  const known: KnownIds = new Map();
  const drafts = inputs.map((input) => draft(input, settings, known));
  const vectors = await embedder.embed(
    drafts.flatMap(({ content, spans }, i) => spans.map((span) => spoken(slice(content, span), inputs[i]?.speaker))),
  );
  let next = 0;
  return drafts.map(({ spans, ...rest }, i) => ({
    ...rest,
    chunks: spans.map((span, n) => ({
      ...span,
      sparse: withTerms(
        documentVector(slice(rest.content, span), {
          language: rest.stemming,
          speaker: inputs[i]?.speaker,
          entities: keysWithin(rest.understood.entities, span, n === 0),
        }),
        n === 0 ? rest.signature : NO_TERMS,
      ),
      vector: vectors[next++] as Float32Array,
    })),
  }));
}

/** Chunks `from` … `to` of a text whose first chunks are stored already; the cuts are the same as at first. */
export async function prepareChunks(
  input: Pick<NewMemory, "content" | "speaker">,
  { from, to, embedder, settings }: { from: number; to: number; embedder: Embedder; settings: PrepareSettings },
): Promise<PreparedChunk[]> {
  const spans = chunkSemantic(input.content, chunkOptions(settings)).slice(from, to);
  const { language } = guessLanguage(input.content);
  const vectors = await embedder.embed(spans.map((span) => spoken(slice(input.content, span), input.speaker)));
  return spans.map((span, i) => ({
    ...span,
    sparse: documentVector(slice(input.content, span), { language, speaker: input.speaker }),
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
  return nameId(`${memoryId}:${index}`);
}

const NO_TERMS = new Uint32Array(0);

/** Name keys of the entities that a span mentions; those without a position belong to the first. */
function keysWithin(
  entities: readonly MentionedEntity[],
  { startOffset, endOffset }: { readonly startOffset: number; readonly endOffset: number },
  isFirst: boolean,
): string[] {
  const within = entities.filter(({ positions }) =>
    positions.length === 0 ? isFirst : positions.some(([start, end]) => start < endOffset && end > startOffset),
  );
  return [...new Set(within.map(({ name }) => nameKey(name)))];
}

function hashContent(content: string): string {
  return sha256Hex(content.normalize("NFC"));
}

/** UTF-16 units that decide the language. */
const SAMPLE = 2_048;

function draft(told: Told, settings: PrepareSettings, known: KnownIds) {
  const { content } = told;
  const spans = chunkSemantic(content, chunkOptions(settings));
  const { language, confidence: languageConfidence, stemming } = languageOf(content.slice(0, SAMPLE));
  const tokenCount = spans.length === 1 && spans[0] ? spans[0].tokenCount : countTokens(content);
  return {
    content,
    contentHash: hashContent(content),
    language,
    languageConfidence,
    stemming,
    tokenCount,
    spans: spans.slice(0, settings.inlineChunks),
    pendingCount: Math.max(0, spans.length - settings.inlineChunks),
    signature: signatureTerms(content),
    understood: understand(told, { language: stemming, tokenCount, known }),
  };
}

function chunkOptions({ chunkTokens, chunkOverlapTokens, chunkWholeTokens }: PrepareSettings): ChunkOptions {
  return { maxTokens: chunkTokens, overlapTokens: chunkOverlapTokens, wholeTokens: chunkWholeTokens };
}

function slice(content: string, span: { readonly startOffset: number; readonly endOffset: number }): string {
  return content.slice(span.startOffset, span.endOffset);
}

/** What is embedded: with the speaker's name in front, dense recall@10 rises by .06 on conversations. */
export function spoken(text: string, speaker: string | undefined): string {
  return speaker === undefined ? text : `${speaker}: ${text}`;
}
