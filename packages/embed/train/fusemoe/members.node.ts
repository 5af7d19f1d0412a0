/** The members of a fusion: what gives the vectors that it is trained on. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Embedder } from "@nexus/core";
import { sha256Hex } from "@nexus/platform";

import type { FusionMember } from "../../src/fusemoe/shape.ts";
import { createHashingEmbedder } from "../../src/hashing.ts";
import { createStaticEmbedder } from "../../src/static/static.ts";
import { describeModel } from "../../src/registry/registry.ts";
import { openE1 } from "../e1.node.ts";
import { keptVectors } from "./kept-vectors.node.ts";

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

/** Texts between two lines of progress. */
const STEP = 4_096;

export const MEMBER_IDS = ["e0", "e1", "hashing"] as const;
export type MemberId = (typeof MEMBER_IDS)[number];

export function openMember(id: MemberId, sources: MemberSources): Member {
  if (id === "e0") return ofEmbedder(id, 1, createStaticEmbedder(readFileSync(sources.e0)));
  if (id === "hashing") return ofEmbedder(id, 0.2, createHashingEmbedder());
  // Its precisions give nearly the same vectors: the name says enough.
  const { dimension, name: model } = describeModel("e1");
  return {
    id,
    dimension,
    share: 2,
    model,
    vectors: (texts) =>
      keptVectors(join(sources.cache, `e1-${nameOf(texts)}.f32`), texts.length * dimension, async () => {
        const e1 = await openE1(sources.e1, E1_TOKENS);
        const vectors = new Float32Array(texts.length * dimension);
        for (let from = 0; from < texts.length; from += STEP) {
          const part = await e1.embed(texts.slice(from, from + STEP));
          for (const [i, vector] of part.entries()) vectors.set(vector, (from + i) * dimension);
          sources.progress(`E1: ${Math.min(texts.length, from + STEP)} of ${texts.length} texts`);
        }
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
