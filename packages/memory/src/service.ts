/** Joins the write path, the read path and the background work into the memory service. */

import { encodeToken } from "@nexus/core";
import type { Dependencies } from "./dependencies.ts";
import { createChunksHandler } from "./jobs/chunks.ts";
import { createEraseHandler } from "./jobs/erase.ts";
import { countMatching, createForgetHandler, forgetMany } from "./jobs/forget-many.ts";
import { getJob, listJobs } from "./jobs/queue.ts";
import { createLearnHandler } from "./jobs/learn.ts";
import { createMineHandler } from "./jobs/mine.ts";
import { createRebuildHandler } from "./jobs/rebuild.ts";
import { createRememberHandler, rememberLater } from "./jobs/remember-later.ts";
import { createJobRunner } from "./jobs/runner.ts";
import { type Background, createBackground } from "./background.ts";
import { createWarming } from "./cache/warming.ts";
import { contextService } from "./context/context-service.ts";
import { eraseService } from "./erase/erase-service.ts";
import { createVolatile } from "./erase/volatile.ts";
import { insightService } from "./engines/insight-service.ts";
import { explainService } from "./explain/explain-service.ts";
import { feedbackService } from "./feedback/feedback-service.ts";
import { graphService } from "./graph/graph-service.ts";
import { lifecycleService } from "./lifecycle/lifecycle.ts";
import { createEmbedHandler } from "./models/fill.ts";
import { createGenerations, generationsKept, vectorNameOf } from "./models/generations.ts";
import { modelService } from "./models/model-service.ts";
import { createPartitions } from "./partitions.ts";
import { processText } from "./recall/process.ts";
import { createRecall } from "./recall/recall.ts";
import { forget } from "./remember/forget.ts";
import { patch } from "./remember/patch.ts";
import { createProjector } from "./remember/project.ts";
import { get, history, list } from "./remember/read.ts";
import { remember, type RememberDependencies } from "./remember/remember.ts";
import { GENERATION } from "./remember/rows.ts";
import type { MemoryService } from "./requests.ts";
import { transferService } from "./transfer/transfer-service.ts";

export interface Memories {
  readonly memory: MemoryService;
  readonly background: Background;
}

export function createMemory(given: Dependencies): Memories {
  const generations = createGenerations(given);
  const builtIn = given.embedder.describe().name;
  const projector = createProjector({
    ...given,
    names: async (scope) => [
      { as: builtIn, name: builtIn, generation: GENERATION },
      ...generationsKept(await generations.of(scope)).map((one) => ({
        as: vectorNameOf(one),
        name: one.name,
        generation: one.number,
      })),
    ],
  });
  const partitions = createPartitions(given.records, given.shared ?? given.cache, given.shared && given.clock);
  // Handlers write through the same dependencies that hold the runner which calls them.
  const later = (): RememberDependencies => deps;
  const jobs = createJobRunner({
    ...given,
    handlers: {
      chunks: createChunksHandler(later),
      remember: createRememberHandler(later),
      forget: createForgetHandler(later),
      rebuild: createRebuildHandler(later),
      learn: createLearnHandler(later),
      mine: createMineHandler(later),
      erase: createEraseHandler(later),
      embed: createEmbedHandler(later),
    },
  });
  const volatile = createVolatile();
  if (given.alsoForget) volatile.keep(given.alsoForget);
  const deps: RememberDependencies = { ...given, projector, partitions, jobs, generations, volatile };
  const { recall, warm } = createWarming(createRecall(deps), deps);
  return {
    background: createBackground({ ...deps, warm }),
    memory: {
      ...lifecycleService(deps),
      ...feedbackService(deps),
      ...transferService(deps),
      ...insightService(deps),
      ...contextService(recall, deps),
      ...explainService(recall, deps),
      ...graphService(deps),
      ...eraseService(deps),
      ...modelService(deps),
      remember: (writer, memories) => remember(writer, memories, deps),
      rememberLater: (writer, memories) => rememberLater(writer, memories, deps),
      get: (scope, id) => get(scope, id, deps),
      history: (scope, id) => history(scope, id, deps),
      list: (scope, request) => list(scope, request, deps),
      patch: (writer, id, changes, options) => patch(writer, id, changes, options, deps),
      forget: (writer, id) => forget(writer, id, deps),
      countMatching: (scope, request) => countMatching(scope, request, deps),
      forgetMany: (writer, request) => forgetMany(writer, request, deps),
      recall,
      process: (writer, request) => processText(writer, request, recall, deps),
      job: (scope, id) => getJob(scope, id, deps),
      jobs: (scope, request) => listJobs(scope, request, deps),
      token: (scope, seqs) => (seqs.length === 0 ? null : encodeToken(scope.tenant, seqs, deps.signers[0])),
    },
  };
}
