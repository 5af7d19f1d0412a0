/** One tenant's vector index in memory: exact dense search, sparse search over inverted lists, filters and neighbours. */

export { createVectorIndex, type VectorIndex, type VectorIndexOptions } from "./vector-index.ts";
