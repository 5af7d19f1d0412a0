/** /api/embeddings: vectors of what is sent, and the models that make them. */

import {
  asNexusError,
  type EmbeddingService,
  type EmbedFailure,
  type EmbedInput,
  type EmbedResult,
  type ErrorCode,
  NexusError,
} from "@nexus/core";
import {
  embeddingModelsToWire,
  type EmbeddingsInput,
  embeddingsToWire,
  isOpenAi,
  openAiEmbeddingsToWire,
  parseEmbeddings,
  parseNothing,
} from "@nexus/protocol";
import { answer, answerText } from "../answer.ts";
import type { AppDependencies, AppHandler } from "../dependencies.ts";
import { jsonBody } from "../json-body.ts";
import { needs } from "../middleware/grants.ts";
import { queryString } from "../query-string.ts";
import { resource, type Routes } from "../resource.ts";

/** What proxies log for a caller who left before the answer; nobody reads it. */
const CALLER_GONE = 499;

/** Beside the models of the registry. */
const SEVERAL = ["ensemble", "fused"];

export function embeddings(routes: Routes, deps: AppDependencies, caller: readonly AppHandler[]): void {
  const { settings } = deps;

  resource(routes, "/api/embeddings", {
    POST: [
      ...caller,
      needs("read"),
      async (c) => {
        const service = available(deps.embeddings);
        const body = await jsonBody(c, settings.maxBodyBytes);
        if (isOpenAi(body)) c.set("openAi", true);
        const request = parseEmbeddings(body);
        const { signal } = c.req.raw;
        try {
          const result = await embedAll(service, request, { tenant: c.get("principal").scope.tenant, signal });
          return answer(c, 200, request.openAi ? openAiEmbeddingsToWire(result, request) : embeddingsToWire(result));
        } catch (error) {
          if (signal.aborted) return answerText(c, CALLER_GONE, "", {});
          throw await named(error, service);
        }
      },
    ],
  });

  resource(routes, "/api/embeddings/models", {
    GET: [
      ...caller,
      needs("read"),
      async (c) => {
        parseNothing(queryString(c));
        return answer(c, 200, embeddingModelsToWire(await available(deps.embeddings).models()));
      },
    ],
  });
}

/** throws  `internal.unsupported` */
function available(service: EmbeddingService | undefined): EmbeddingService {
  if (service) return service;
  throw new NexusError("internal.unsupported", "[nexus/http] this server runs no embedding models for its callers");
}

/** The outcomes of all inputs, of which the service sees those that can be read. throws what the service throws, and the code of the first input when there is a vector for none */
async function embedAll(
  service: EmbeddingService,
  { inputs, model, dimension, truncate, openAi }: EmbeddingsInput,
  { tenant, signal }: { readonly tenant: string; readonly signal: AbortSignal },
): Promise<EmbedResult> {
  const readable = inputs.filter((input): input is EmbedInput => !("code" in input));
  const { results: embedded, skipped } =
    readable.length > 0
      ? await service.embed({ inputs: readable, model, dimension, truncate, tenant, signal })
      : { results: [], skipped: [] };
  let next = 0;
  const results = inputs.map((input) => {
    if ("code" in input) return input;
    return sayable(embedded[next++]);
  });
  const failures = results.filter((result): result is EmbedFailure => "code" in result);
  const [first] = failures;
  if (!first || failures.length < results.length) return { results, skipped };
  const field = openAi ? "input" : "inputs";
  const problems = failures.map(({ message }, i) => ({ path: `${field}.${i}`, message }));
  throw new NexusError(first.code as ErrorCode, first.message, { problems });
}

/** JSON has no word for what is not finite: null in its place would pass for a number that is missing. */
function sayable(result: EmbedResult["results"][number] | undefined): EmbedResult["results"][number] {
  const fault = result ? "a vector that is not finite" : "no outcome for the input";
  const isGood = result && ("code" in result || result.every(({ vector }) => vector.every(Number.isFinite)));
  return isGood ? result : { code: "embed.invalid_output", message: `[nexus/http] the model gave ${fault}` };
}

/** The error itself, and for a model that is not there one that says which are. */
async function named(error: unknown, service: EmbeddingService): Promise<unknown> {
  if (asNexusError(error).code !== "embed.model_unknown") return error;
  const there = [...(await service.models()).map(({ id }) => id), ...SEVERAL].join(", ");
  const message = `is no embedding model of this server; there are ${there}`;
  return new NexusError("embed.model_unknown", `[nexus/http] model: ${message}`, {
    problems: [{ path: "model", message }],
    cause: error,
  });
}
