/** What the server answers, as protocol's schemas give it; nothing of protocol is left at run time. */

import type {
  contextToWire,
  entitiesToWire,
  entityViewToWire,
  explanationToWire,
  graphToWire,
  historyToWire,
  jobsToWire,
  jobToWire,
  memoryToWire,
  pageToWire,
  patternsToWire,
  problemToWire,
  processToWire,
  readyToWire,
  rememberedToWire,
  trendsToWire,
} from "@nexus/protocol";

export type { EraseJob } from "@nexus/protocol";

export type Remembered = ReturnType<typeof rememberedToWire>;
export type Memory = ReturnType<typeof memoryToWire>;
export type MemoryPage = ReturnType<typeof pageToWire>;
export type History = ReturnType<typeof historyToWire>;
export type ProcessAnswer = ReturnType<typeof processToWire>;
/** What `process` answers beside its search belongs to the whole of it. */
export type SearchAnswer = Omit<ProcessAnswer, "escalations" | "analysis" | "remembered" | "consistency" | "usage">;
export type Explanation = ReturnType<typeof explanationToWire>;
export type EntityPage = ReturnType<typeof entitiesToWire>;
export type EntityView = ReturnType<typeof entityViewToWire>;
export type Graph = ReturnType<typeof graphToWire>;
export type ContextAnswer = ReturnType<typeof contextToWire>;
export type Job = ReturnType<typeof jobToWire>;
export type JobPage = ReturnType<typeof jobsToWire>;
export type Readiness = ReturnType<typeof readyToWire>;
export type Problem = ReturnType<typeof problemToWire>;

export interface Rated {
  readonly id: string;
  readonly consistency: string | null;
}

export type Patterns = ReturnType<typeof patternsToWire>;
export type Trends = ReturnType<typeof trendsToWire>;

export type Patched = Memory & { readonly consistency: string | null };

export type Undone = Patched & { readonly restored: readonly string[] };

export interface Forgotten {
  readonly id: string;
  readonly event: "forgotten";
  readonly consistency: string | null;
}

export interface Health {
  readonly status: "ok";
  readonly version: string;
}
