/** Drivers that need Web APIs only. */

export { createMemoryCache, type MemoryCacheOptions } from "./memory-cache.ts";
export { createSurrealRecords, type SurrealRecordsOptions } from "./surreal/records.ts";
