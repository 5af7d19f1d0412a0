/** The two ways to ask a server for embeddings, and to read what it answers. */

import type { RemoteKind } from "./endpoint.ts";

interface Dialect {
  /** The body that asks for texts; without `truncate` the server cuts, or refuses, as it likes. */
  ask(model: string, texts: readonly string[], truncate: boolean | undefined): object;
  /** What stands for the vectors, in the order of the texts; undefined for an answer of another form. */
  read(answer: unknown, count: number): Spoken | undefined;
}

interface Spoken {
  /** Anything, as it came. */
  readonly vectors: readonly unknown[];
  /** Of all texts together, where the server counts. */
  readonly tokens: number | undefined;
}

export const DIALECTS: Readonly<Record<RemoteKind, Dialect>> = {
  openai: {
    ask: (model, texts) => ({ model, input: texts, encoding_format: "float" }),
    read(answer, count) {
      const data = fieldOf(answer, "data");
      if (!Array.isArray(data) || data.length !== count) return undefined;
      const vectors: unknown[] = Array.from({ length: count });
      const placed = new Set<unknown>();
      for (const [i, item] of data.entries()) {
        // Servers that answer in order may leave the index out.
        const index = fieldOf(item, "index") ?? i;
        if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= count) return undefined;
        if (placed.has(index)) return undefined;
        placed.add(index);
        vectors[index] = fieldOf(item, "embedding");
      }
      return { vectors, tokens: counted(fieldOf(fieldOf(answer, "usage"), "prompt_tokens")) };
    },
  },
  ollama: {
    ask: (model, texts, truncate) => ({ model, input: texts, ...(truncate !== undefined && { truncate }) }),
    read(answer, count) {
      const vectors = fieldOf(answer, "embeddings");
      if (!Array.isArray(vectors) || vectors.length !== count) return undefined;
      return { vectors, tokens: counted(fieldOf(answer, "prompt_eval_count")) };
    },
  },
};

function fieldOf(value: unknown, name: string): unknown {
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function counted(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
