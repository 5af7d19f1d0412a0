/** The HTTP face of Memory Nexus as one Hono app; `fetch` of it runs wherever Web APIs do. */

import { Hono } from "hono";
import type { AppDependencies, AppEnvironment } from "./dependencies.ts";
import { accessLog } from "./middleware/access-log.ts";
import { authentication } from "./middleware/authentication.ts";
import { compression } from "./middleware/compression.ts";
import { cors } from "./middleware/cors.ts";
import { refuseWhileDraining } from "./middleware/draining.ts";
import { problems } from "./middleware/problems.ts";
import { requestId } from "./middleware/request-id.ts";
import { unmatched } from "./middleware/unmatched.ts";
import type { App, Routes } from "./resource.ts";
import { context } from "./routes/context.ts";
import { docs } from "./routes/docs.ts";
import { embeddings } from "./routes/embeddings.ts";
import { entities } from "./routes/entities.ts";
import { explain } from "./routes/explain.ts";
import { feedback } from "./routes/feedback.ts";
import { health } from "./routes/health.ts";
import { insights } from "./routes/insights.ts";
import { jobs } from "./routes/jobs.ts";
import { keys } from "./routes/keys.ts";
import { lifecycle } from "./routes/lifecycle.ts";
import { memories } from "./routes/memories.ts";
import { memory } from "./routes/memory.ts";
import { processText } from "./routes/process.ts";
import { search } from "./routes/search.ts";
import { tokens } from "./routes/tokens.ts";
import { transfer } from "./routes/transfer.ts";
import { users } from "./routes/users.ts";
import { vectorGenerations } from "./routes/vector-generations.ts";

export function createApp(deps: AppDependencies): App {
  const app = new Hono<AppEnvironment>();
  const routes: Routes = { app, resources: [] };
  const answerProblem = problems(deps.telemetry);
  app.onError((error, c) => answerProblem(error, c));
  app.notFound(unmatched(routes.resources, answerProblem));
  app.use(
    requestId(deps.ids),
    accessLog(deps),
    compression(deps.settings.compressionMinBytes),
    cors(deps.settings.corsOrigins),
  );

  // What every route that needs a key does first, in this order.
  const caller = [refuseWhileDraining(deps.draining), authentication(deps)];
  processText(routes, deps, caller);
  search(routes, deps, caller);
  context(routes, deps, caller);
  explain(routes, deps, caller);
  entities(routes, deps, caller);
  embeddings(routes, deps, caller);
  vectorGenerations(routes, deps, caller);
  feedback(routes, deps, caller);
  insights(routes, deps, caller);
  memories(routes, deps, caller);
  memory(routes, deps, caller);
  lifecycle(routes, deps, caller);
  jobs(routes, deps, caller);
  transfer(routes, deps, caller);
  users(routes, deps, caller);
  tokens(routes, deps, caller);
  keys(routes, deps, caller);
  health(routes, deps, caller);
  docs(routes, deps);
  return app;
}
