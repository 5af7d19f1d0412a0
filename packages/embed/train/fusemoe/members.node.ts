/** The members of a fusion: what gives the vectors that it is trained on. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Embedder } from "@nexus/core";
import { sha256Hex } from "@nexus/platform";

import type { FusionMember } from "../../src/fusemoe/shape.ts";
import { createHashingEmbedder } from "../../src/hashing.ts";
import { createStaticEmbedder } from "../../src/static/static.ts";
import { E1_DIMENSION, keptVectors, openE1 } from "./e1.node.ts";

export interface Member extends FusionMember {
  /** Of what start and teacher say: by how mixtures of two members do on held-out pairs and own conversations. */
  readonly share: number;
  /** Name and revision, as the trained file names it. */
  readonly model: string;
  /** [texts · dimension], unit or zero. */
  vectors(texts: readonly string[]): Promise<Float32Array>;
}

export interface MemberSources {
  /** The built-in model's file. */
  readonly e0: string;
  /** The folder of all-MiniLM-L6-v2. */
  readonly e1: string;
  /** Where E1's vectors are kept. */
  readonly cache: string;
  readonly progress: (text: string) => void;
}

/** Training texts are cut, since a transformer's cost grows with their length. */
const E1_TOKENS = 64;

/** As the registry names it; its precisions give nearly the same vectors. */
const E1_MODEL = "sentence-transformers/all-MiniLM-L6-v2";

export const MEMBER_IDS = ["e0", "e1", "hashing"] as const;
export type MemberId = (typeof MEMBER_IDS)[number];

export function openMember(id: MemberId, sources: MemberSources): Member {
  if (id === "e0") return ofEmbedder(id, 1, createStaticEmbedder(readFileSync(sources.e0)));
  if (id === "hashing") return ofEmbedder(id, 0.2, createHashingEmbedder());
  return {
    id,
    dimension: E1_DIMENSION,
    share: 2,
    model: E1_MODEL,
    vectors: (texts) =>
      keptVectors(join(sources.cache, `e1-${nameOf(texts)}.f32`), texts.length, async () => {
        const e1 = await openE1(sources.e1);
        let told = 0;
        const progress = (done: number, of: number): void => {
          if (done < of && done - told < of / 10) return;
          told = done;
          sources.progress(`E1: ${done} of ${of} texts`);
        };
        const vectors = await e1.embed(texts, { maxTokens: E1_TOKENS, progress });
        await e1.close();
        return vectors;
      }),
  };
}

/** Other texts, or the same cut elsewhere, have another name. */
function nameOf(texts: readonly string[]): string {
  return sha256Hex(JSON.stringify(["all-MiniLM-L6-v2-q8", E1_TOKENS, texts])).slice(0, 16);
}

function ofEmbedder(id: string, share: number, embedder: Embedder): Member {
  const { dimension, model } = embedder.describe();
  return {
    id,
    dimension,
    share,
    model,
    async vectors(texts) {
      const all = new Float32Array(texts.length * dimension);
      for (const [i, vector] of (await embedder.embed(texts)).entries()) all.set(vector, i * dimension);
      return all;
    },
  };
}
