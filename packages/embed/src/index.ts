/** Embedders: text to unit vectors. */

export { createEmbeddingCache, type EmbeddingCache, type EmbeddingCacheOptions } from "./cache/embedding-cache.ts";
export { embeddingKey } from "./cache/key.ts";
export { EMBEDDING_CACHE_DEFAULTS, EMBEDDING_DEFAULTS, type EmbeddingSettings } from "./defaults.ts";
export type { FusionInput } from "./fusemoe/blocks.ts";
export { exportExpert, exportFusion, exportGate } from "./fusemoe/export-onnx.ts";
export { decodeFusion, type DecodeOptions } from "./fusemoe/format.ts";
export { createFuseMoe, type Fused, type Fusion, type FusionOptions } from "./fusemoe/fusion.ts";
export { generatedWeights } from "./fusemoe/generated.ts";
export {
  type FusionGraphs,
  fuseWithOnnx,
  type GraphTensor,
  type OnnxFused,
  type RunGraph,
} from "./fusemoe/onnx-fusion.ts";
export { prefixOf } from "./fusemoe/prefix.ts";
export {
  FULL_SHAPE,
  type FusionMember,
  type FusionShape,
  type GateKind,
  type ParameterCount,
  parameterCount,
} from "./fusemoe/shape.ts";
export type { ExpertWeights, FusionOrigin, FusionWeights, GateWeights } from "./fusemoe/weights.ts";
export { createHashingEmbedder, type HashingOptions } from "./hashing.ts";
export {
  createModelPool,
  type LoadEvent,
  type ModelLoader,
  type ModelPoolOptions,
  type PreloadingPool,
} from "./models/pool.ts";
export type { ModelPool, Runner, RunnerOutput, RunOptions } from "./models/runner.ts";
export type { ModelDescription, Quantization } from "./registry/description.ts";
export { describeModel, MODELS } from "./registry/registry.ts";
export { createRemoteRunner, type RemoteFetch, type RemoteKind, type RemoteOptions } from "./remote.ts";
export { createEmbedderRunner } from "./runners/embedder-runner.ts";
export { createEmbeddingService, type Embeddings, type EmbeddingServiceOptions } from "./service/embedding-service.ts";
export type { Fuser } from "./service/fused.ts";
export { loadModel2Vec, type Model2VecFiles } from "./static/model2vec.ts";
export { createStaticEmbedder, type StaticOptions } from "./static/static.ts";
