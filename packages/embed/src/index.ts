/** Embedders: text to unit vectors. */

export { createHashingEmbedder, type HashingOptions } from "./hashing.ts";
