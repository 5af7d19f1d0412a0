/** Real vectors: MiniLM over short texts, embedded once by `embed.ts` in a process of its own. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readVectors } from "./cache.ts";
import type { Generated, Sizes } from "./generate.ts";
import { WEIGHTS } from "./minilm.ts";
import { hasPairs } from "./texts.ts";

/** A nice process on one core, 101,000 texts of 48 tokens at most. */
export const EMBEDDING_SECONDS = 200;

export function hasReal(): boolean {
  return readVectors("minilm.rows") !== undefined && readVectors("minilm.queries") !== undefined;
}

/** The texts and the model are there. */
export function canEmbed(): boolean {
  return hasPairs() && existsSync(WEIGHTS);
}

/** Does nothing where the vectors are there or cannot be made. */
export function embedOnce(): void {
  if (hasReal() || !canEmbed()) return;
  spawnSync(process.execPath, [fileURLToPath(new URL("embed.ts", import.meta.url))], { stdio: "inherit" });
}

/** Every beginning of the real rows is a uniform sample of them. Undefined where they have not been embedded. */
export function real({ count, questions, dimension }: Sizes): Generated | undefined {
  const [rows, asked] = [readVectors("minilm.rows"), readVectors("minilm.queries")];
  if (!rows || !asked || rows.dimension !== dimension || rows.vectors.length < count * dimension) return undefined;
  return {
    rows: { vectors: rows.vectors.subarray(0, count * dimension), dimension },
    queries: { vectors: asked.vectors.subarray(0, questions * dimension), dimension },
  };
}
