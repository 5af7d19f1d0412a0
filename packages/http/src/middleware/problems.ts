/** Turns every error into a problem document, counts it, and logs those that are our fault. */

import { asNexusError, type ErrorCode, type NexusError, type Telemetry } from "@nexus/core";
import { openAiErrorToWire, problemToWire } from "@nexus/protocol";
import { answer } from "../answer.ts";
import type { AppContext } from "../dependencies.ts";
import { failureFields } from "../failure-fields.ts";

const LONGEST_INSTANCE = 500;

export type AnswerProblem = (error: unknown, c: AppContext, headers?: Readonly<Record<string, string>>) => Response;

export function problems(telemetry: Telemetry): AnswerProblem {
  return (thrown, c, headers) => {
    const error = asNexusError(thrown);
    c.set("code", error.code);
    telemetry.count("errors_total", { code: error.code, dependency: dependencyOf(error.code) });
    const requestId = c.get("requestId");
    if (error.status >= 500 && error.code !== "overload.shed") {
      telemetry.log("error", "request failed", { requestId, code: error.code, ...failureFields(error) });
    }
    const problem = problemToWire(error, { path: c.req.path.slice(0, LONGEST_INSTANCE), requestId });
    return answer(c, error.status, c.get("openAi") ? { ...problem, ...openAiErrorToWire(error) } : problem, {
      "content-type": "application/problem+json",
      ...headersOf(error),
      ...headers,
    });
  };
}

function headersOf(error: NexusError): Record<string, string> {
  if (error.status === 401) return { "www-authenticate": 'Bearer realm="nexus"' };
  if (error.status !== 429 && error.status !== 503) return {};
  return { "retry-after": String(error.retryAfterSeconds ?? 1) };
}

function dependencyOf(code: ErrorCode): string {
  const area = code.slice(0, code.indexOf("."));
  if (area === "store") return "records";
  if (area === "vector" || area === "index") return "vectors";
  return area === "embed" ? "embedder" : "none";
}
