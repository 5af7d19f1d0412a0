/** For tests of deep models: small ones that know synonyms, and a shelf that they are put on and taken from. */

import type { DeepModels, Embedder } from "@nexus/core";
import { createHashingEmbedder } from "@nexus/embed";

const WORDS: Readonly<Record<string, string>> = { automobile: "car", physician: "doctor", feline: "cat" };

/** Knows a few synonyms that the built-in model does not: a deep model in small. */
export function createSynonyms(revision: string, dimension = 128): Embedder {
  const inner = createHashingEmbedder({ dimension });
  const plain = (text: string): string => text.replace(/\p{L}+/gu, (word) => WORDS[word.toLowerCase()] ?? word);
  return {
    embed: async (texts, options) => await inner.embed(texts.map(plain), options),
    describe: () => ({ ...inner.describe(), name: "synonyms", model: `synonyms-${revision}` }),
  };
}

export interface Shelf extends DeepModels {
  wants: Embedder | undefined;
  readonly here: Map<string, Embedder>;
}

export function createShelf(...models: readonly Embedder[]): Shelf {
  const here = new Map(models.map((model) => [model.describe().model, model]));
  const shelf: Shelf = {
    wants: models[0],
    here,
    wanted: async () => shelf.wants,
    of: async (model) => here.get(model),
  };
  return shelf;
}
