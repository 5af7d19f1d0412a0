/** Embedding many texts of which a model may be unable to read one. */

import { asNexusError, type Embedder, type EmbedOptions } from "@nexus/core";

/** A text that the model cannot read is near to nothing, and keeps no other from its vector. throws what is wrong with the model itself */
export async function embedReadable(
  embedder: Embedder,
  texts: readonly string[],
  options: EmbedOptions,
): Promise<Float32Array[]> {
  try {
    return await embedder.embed(texts, options);
  } catch (error) {
    if (!asNexusError(error).code.startsWith("embed.input_")) throw error;
    if (texts.length === 1) return [new Float32Array(embedder.describe().dimension)];
    const vectors: Float32Array[] = [];
    for (const text of texts) vectors.push(...(await embedReadable(embedder, [text], options)));
    return vectors;
  }
}
