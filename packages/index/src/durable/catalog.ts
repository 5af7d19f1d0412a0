/** The part of a segment's block that is not numbers, as JSON: payloads by column, ids of points, ids of removed memories. */

import type { PointPayload } from "@nexus/core";
import type { BatchMemory, ColumnBatch } from "../column-batch.ts";

export interface Catalog {
  readonly memories: readonly BatchMemory[];
  /** Memories that files before this one may hold, and that are no more. */
  readonly removed: readonly string[];
  readonly vectors: readonly (readonly [name: string, dimension: number, rows: number])[];
  readonly points: number;
  readonly terms: number;
}

/** One field of all payloads. Columns are parsed twice as fast as objects, and a word that repeats is one string in memory. */
interface Column {
  readonly key: string;
  /** A value for each memory; with `words`, which of them. */
  readonly values: unknown[];
  readonly words?: readonly string[];
  /** The memories that lack the field. */
  readonly absent?: readonly number[];
}

interface Written extends Omit<Catalog, "memories" | "points"> {
  readonly columns: readonly Column[];
  /** How many points each memory has. */
  readonly counts: readonly number[];
  readonly pointIds: readonly string[];
  readonly chunks: readonly number[];
}

const ABSENT = Symbol("absent");

export function catalogJson({ memories, vectors, sparse }: ColumnBatch, removed: readonly string[]): string {
  const keys = new Set(memories.flatMap(({ payload }) => Object.keys(payload)));
  const points = memories.flatMap(({ points }) => points);
  const written: Written = {
    columns: [...keys].map((key) => columnOf(key, memories)),
    counts: memories.map(({ points }) => points.length),
    pointIds: points.map(({ pointId }) => pointId),
    chunks: points.map(({ chunkIndex }) => chunkIndex),
    removed,
    vectors: vectors.map(({ name, dimension, points }) => [name, dimension, points.length]),
    terms: sparse.ids.length,
  };
  return JSON.stringify(written);
}

/** throws  a plain Error for much of what `catalogJson` did not write */
export function parseCatalog(json: string): Catalog {
  const { columns, counts, pointIds, chunks, removed, vectors, terms } = JSON.parse(json) as Written;
  if (columns.some(({ values }) => values.length !== counts.length)) throw new Error("columns differ in length");
  const read = columns.map(({ key, values, words, absent }) => {
    if (words) for (let i = 0; i < values.length; i++) values[i] = words[values[i] as number];
    for (const i of absent ?? []) values[i] = ABSENT;
    return { key, values };
  });
  let point = 0;
  const memories = counts.map((count, i): BatchMemory => {
    const payload: Record<string, unknown> = {};
    for (const { key, values } of read) if (values[i] !== ABSENT) payload[key] = values[i];
    const points: BatchMemory["points"][number][] = [];
    for (let p = 0; p < count; p++, point++) points.push({ pointId: pointIds[point]!, chunkIndex: chunks[point]! });
    return { payload: payload as unknown as PointPayload, points };
  });
  if (point !== pointIds.length || point !== chunks.length) throw new Error("points and memories differ in number");
  return { memories, removed, vectors, points: point, terms };
}

function columnOf(key: string, memories: readonly BatchMemory[]): Column {
  const values = memories.map(({ payload }) => (payload as unknown as Readonly<Record<string, unknown>>)[key]);
  const absent = [...values.keys()].filter((i) => values[i] === undefined);
  const words = new Set(values.filter((value) => typeof value === "string"));
  const lacks = absent.length > 0 && { absent };
  if (
    words.size === 0 ||
    2 * words.size > values.length ||
    !values.every((value) => value === undefined || typeof value === "string")
  )
    return { key, values: values.map((value) => value ?? null), ...lacks };
  const places = new Map([...words].map((word, i) => [word, i]));
  return { key, values: values.map((value) => places.get(value as string) ?? 0), words: [...words], ...lacks };
}
