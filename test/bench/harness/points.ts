/** The benches' memories as points of the vector index, made as the write path makes them. */

import type { VectorPoint } from "@nexus/core";
import { createHashingEmbedder } from "@nexus/embed";
import { documentVector, guessLanguage } from "@nexus/text";
import { type BenchMemory, memoriesOf } from "./corpus.ts";

export const embedder: ReturnType<typeof createHashingEmbedder> = createHashingEmbedder({ dimension: 256 });

export async function pointsOf(count: number): Promise<{ memories: BenchMemory[]; points: VectorPoint[] }> {
  const memories = memoriesOf(count);
  const vectors = await embedder.embed(memories.map(({ content }) => content));
  const points = memories.map(({ content, speaker, createdAt, ...memory }, i): VectorPoint => {
    const { language } = guessLanguage(content);
    const time = Date.parse(createdAt);
    return {
      pointId: `p${String(i).padStart(8, "0")}`,
      chunkIndex: 0,
      vectors: { [embedder.describe().name]: vectors[i] as Float32Array },
      sparse: documentVector(content, { language, speaker }),
      payload: {
        ...memory,
        id: memory.externalId,
        speaker,
        language,
        createdAt: time,
        recordedAt: time,
        updatedAt: time,
        metadata: {},
        addedSeq: i,
        version: 1,
      },
    };
  });
  return { memories, points };
}
