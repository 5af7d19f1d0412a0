/** /api/jobs: what became of work that was accepted for later. */

import { type Grant, isUuid, type Job, NexusError } from "@nexus/core";
import { jobsToWire, jobToWire, parseJobsQuery } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppContext, AppDependencies, AppHandler } from "../dependencies.ts";
import { needs, requireGrant } from "../middleware/grants.ts";
import { queryString } from "../query-string.ts";
import { resource, type Routes } from "../resource.ts";

/** A job takes the scope that asking for it took: `write`, or `admin` for what is not confined to one user. */
export function jobs(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { memory } = deps;

  resource(routes, "/api/jobs", {
    GET: [
      ...caller,
      needs("write"),
      async (c) => {
        const { scope, grants } = c.get("principal");
        const page = await memory.jobs(scope, parseJobsQuery(queryString(c)));
        const items = page.items.filter((job) => grants.has("admin") || grantOf(job) === "write");
        return answer(c, 200, jobsToWire({ ...page, items }));
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
        requireGrant(c, grantOf(job), "this job");
        return answer(c, 200, jobToWire(job));
      },
    ],
  });
}

function grantOf({ kind, payload }: Job): Grant {
  return kind === "erase" || payload["tenantWide"] === true ? "admin" : "write";
}

/** 202: the job is on disk and can be asked for. */
export function accepted(c: AppContext, job: Job): Response {
  return answer(c, 202, { job: jobToWire(job) }, { location: `/api/jobs/${job.id}` });
}
