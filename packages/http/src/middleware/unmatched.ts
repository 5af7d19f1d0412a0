/** Answers what no handler took: OPTIONS, methods that a route lacks, and paths that do not exist. */

import { NexusError } from "@nexus/core";
import type { AppContext } from "../dependencies.ts";
import type { Resource } from "../resource.ts";
import type { AnswerProblem } from "./problems.ts";

export function unmatched(resources: readonly Resource[], answerProblem: AnswerProblem): (c: AppContext) => Response {
  return (c) => {
    const asked = resources.find(({ matches }) => matches(c.req.path));
    if (!asked) {
      const message = "[nexus/http] there is no such route; /docs lists those there are";
      return answerProblem(new NexusError("route.not_found", message), c);
    }
    c.set("route", asked.path);
    const allow = asked.allow.join(", ");
    if (c.req.method === "OPTIONS") {
      return new Response(null, { status: 204, headers: { allow, "x-request-id": c.get("requestId") } });
    }
    return answerProblem(new NexusError("route.method", `[nexus/http] ${asked.path} takes ${allow}`), c, { allow });
  };
}
