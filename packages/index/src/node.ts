/** What needs a file system: the index that survives a crash. */

export { type DurableIndex, type DurableIndexOptions, openDurableIndex } from "./durable/durable-index.node.ts";
export { createSegmentThread, type RunningThread, type SegmentThreadOptions } from "./segment/segment-thread.node.ts";
export { createVectorIndex, type VectorIndex } from "./vector-index.ts";
