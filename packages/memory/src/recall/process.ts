/** The main job: recall what bears on a text, then keep the text itself if it tells something. */

import { isStatement } from "@nexus/router";
import { words } from "@nexus/text";
import { remember, type RememberDependencies } from "../remember/remember.ts";
import type { ProcessRequest, ProcessResponse, RecallResponse, Writer } from "../requests.ts";
import type { Recall } from "./recall.ts";

/**
 * Recall runs first: a request never finds what it has itself just stored. It is over all of the user's agents and
 * sessions, which say where the text is kept, unless the caller is confined to one.
 */
export async function processText(
  writer: Writer,
  request: ProcessRequest,
  recall: Recall,
  deps: RememberDependencies,
): Promise<ProcessResponse> {
  const { agentId: withinAgent, sessionId: withinSession } = request.within ?? {};
  const response = await recall(writer.scope, { ...request, agentId: withinAgent, sessionId: withinSession });
  const reason = reasonNotToKeep(request);
  if (reason) return { ...response, remembered: { event: "none", reason }, seqs: [] };
  const { query: content, userId, agentId, sessionId, speaker, metadata, createdAt } = request;
  const { results, seqs } = await remember(
    writer,
    [{ content, userId, agentId, sessionId, speaker, metadata, createdAt }],
    deps,
  );
  const { event = "none", id, relatedId } = results[0] ?? {};
  return {
    ...(event === "unchanged" ? response : without(response, id)),
    remembered: { event, id: id ?? undefined, relatedId: relatedId ?? undefined },
    seqs,
  };
}

/** A request sent again under its idempotency key would find what it stored the first time. */
function without(response: RecallResponse, id: string | null | undefined): RecallResponse {
  const results = response.results.filter(({ memory }) => memory.id !== id);
  return { ...response, results, confidence: results[0]?.confidence ?? 0 };
}

function reasonNotToKeep({ remember, query }: ProcessRequest): "off" | "empty" | "question" | undefined {
  if (remember === false) return "off";
  if (query.trim() === "" || (remember === "auto" && words(query).length === 0)) return "empty";
  if (remember === "auto" && !isStatement(query)) return "question";
  return undefined;
}
