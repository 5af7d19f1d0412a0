/** What the server answers, as protocol's schemas give it; nothing of protocol is left at run time. */

import type {
  historyToWire,
  jobsToWire,
  jobToWire,
  memoryToWire,
  pageToWire,
  problemToWire,
  processToWire,
  readyToWire,
  rememberedToWire,
} from "@nexus/protocol";

export type Remembered = ReturnType<typeof rememberedToWire>;
export type Memory = ReturnType<typeof memoryToWire>;
export type MemoryPage = ReturnType<typeof pageToWire>;
export type History = ReturnType<typeof historyToWire>;
export type ProcessAnswer = ReturnType<typeof processToWire>;
/** What `process` answers beside its search belongs to the whole of it. */
export type SearchAnswer = Omit<ProcessAnswer, "escalations" | "analysis" | "remembered" | "consistency" | "usage">;
export type Job = ReturnType<typeof jobToWire>;
export type JobPage = ReturnType<typeof jobsToWire>;
export type Readiness = ReturnType<typeof readyToWire>;
export type Problem = ReturnType<typeof problemToWire>;

export type Patched = Memory & { readonly consistency: string | null };

export interface Forgotten {
  readonly id: string;
  readonly event: "forgotten";
  readonly consistency: string | null;
}

export interface Health {
  readonly status: "ok";
  readonly version: string;
}
