/** /api/jobs: what became of work that was accepted for later. */

import { isUuid, type Job, NexusError } from "@nexus/core";
import { jobsToWire, jobToWire, parseJobsQuery } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppContext, AppDependencies, AppHandler } from "../dependencies.ts";
import { needs } from "../middleware/grants.ts";
import { queryString } from "../query-string.ts";
import { resource, type Routes } from "../resource.ts";

/** Every kind of job there is comes from a write, so its scope is `write`. */
export function jobs(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory } = deps;

  resource(routes, "/api/jobs", {
    GET: [
      ...caller,
      needs("write"),
      async (c) => {
        const page = await memory.jobs(c.get("principal").scope, parseJobsQuery(queryString(c)));
        return answer(c, 200, jobsToWire(page));
      },
    ],
  });

  resource(routes, "/api/jobs/{id}", {
    GET: [
      ...caller,
      needs("write", "userTokens"),
      async (c) => {
        const id = c.req.param("id") ?? "";
        if (!isUuid(id)) throw new NexusError("job.not_found", "[nexus/http] job ids are UUIDs; this is none");
        const { scope, keyId, subject } = c.get("principal");
        const job = await memory.job(scope, id.toLowerCase());
        // A user sees the jobs that were asked for in the user's own name.
        if (subject && job.payload["keyId"] !== keyId) {
          throw new NexusError("job.not_found", `[nexus/memory] there is no job ${job.id}`);
        }
        return answer(c, 200, jobToWire(job));
      },
    ],
  });
}

/** 202: the job is on disk and can be asked for. */
export function accepted(c: AppContext, job: Job): Response {
  return answer(c, 202, { job: jobToWire(job) }, { location: `/api/jobs/${job.id}` });
}
