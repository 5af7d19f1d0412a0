/** The HTTP face of Memory Nexus as one Hono app; `fetch` of it runs wherever Web APIs do. */

import { NexusError } from "@nexus/core";
import { Hono } from "hono";
import type { AppDependencies, AppEnvironment } from "./dependencies.ts";
import { accessLog } from "./middleware/access-log.ts";
import { authentication } from "./middleware/authentication.ts";
import { refuseWhileDraining } from "./middleware/draining.ts";
import { problems } from "./middleware/problems.ts";
import { requestId } from "./middleware/request-id.ts";
import type { App } from "./resource.ts";
import { docs } from "./routes/docs.ts";
import { health } from "./routes/health.ts";
import { jobs } from "./routes/jobs.ts";
import { memories } from "./routes/memories.ts";
import { memory } from "./routes/memory.ts";
import { processText } from "./routes/process.ts";
import { search } from "./routes/search.ts";

export function createApp(deps: AppDependencies): App {
  const app = new Hono<AppEnvironment>();
  const answerProblem = problems(deps.telemetry);
  app.onError(answerProblem);
  app.notFound((c) => {
    const message = "[nexus/http] there is no such route; /docs lists those there are";
    return answerProblem(new NexusError("route.not_found", message), c);
  });
  app.use(requestId(deps), accessLog(deps));

  // What every route that needs a key does first, in this order.
  const caller = [refuseWhileDraining(deps.draining), authentication(deps)];
  processText(app, deps, caller);
  search(app, deps, caller);
  memories(app, deps, caller);
  memory(app, deps, caller);
  jobs(app, deps, caller);
  health(app, deps, caller);
  docs(app, deps);
  return app;
}
