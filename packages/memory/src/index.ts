/** Remember, recall, forget: the product's logic, over ports only. */

export type { Background } from "./background.ts";
export type { Context, ContextRequest } from "./context/context-service.ts";
export type { Explanation } from "./explain/explain-service.ts";
export { DEFAULTS, type FusionSettings, type Settings } from "./defaults.ts";
export type { Dependencies } from "./dependencies.ts";
export { scoreOf } from "./fusion/fuse.ts";
export type {
  Analysis,
  Escalation,
  FactorName,
  Factors,
  ForgetManyRequest,
  Forgotten,
  JobsRequest,
  ListRequest,
  MemoryPatch,
  MemoryService,
  Mode,
  NewMemory,
  Page,
  Patched,
  Path,
  ProcessRequest,
  ProcessResponse,
  RecallRequest,
  RecallResponse,
  RecallResult,
  Remembered,
  RememberEvent,
  RememberMode,
  RememberResult,
  Skipped,
  SourceName,
  Span,
  Writer,
} from "./requests.ts";
export { createMemory, type Memories } from "./service.ts";
export type { ExportItem, ImportItem, ImportResult, RestoredMemory } from "./transfer/transfer-service.ts";
