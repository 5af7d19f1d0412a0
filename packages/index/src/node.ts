/** What needs a file system: the index that survives a crash. */

export { type DurableIndex, type DurableIndexOptions, openDurableIndex } from "./durable-index.node.ts";
