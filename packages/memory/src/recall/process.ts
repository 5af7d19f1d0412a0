/** The main job: recall what bears on a text, then keep the text itself if it tells something. */

import { isStatement } from "@nexus/router";
import { remember, type RememberDependencies } from "../remember/remember.ts";
import type { ProcessRequest, ProcessResponse, Writer } from "../requests.ts";
import type { Recall } from "./recall.ts";

/** Recall runs first and over all of the user's sessions: a request never finds what it has itself just stored. */
export async function processText(
  writer: Writer,
  request: ProcessRequest,
  recall: Recall,
  deps: RememberDependencies,
): Promise<ProcessResponse> {
  const response = await recall(writer.scope, { ...request, sessionId: undefined });
  const reason = reasonNotToKeep(request);
  if (reason) return { ...response, remembered: { event: "none", reason }, seqs: [] };
  const { query: content, userId, agentId, sessionId, speaker, metadata, createdAt } = request;
  const { results, seqs } = await remember(
    writer,
    [{ content, userId, agentId, sessionId, speaker, metadata, createdAt }],
    deps,
  );
  const { event = "none", id, relatedId } = results[0] ?? {};
  return { ...response, remembered: { event, id: id ?? undefined, relatedId: relatedId ?? undefined }, seqs };
}

function reasonNotToKeep({ remember, query }: ProcessRequest): "off" | "question" | undefined {
  if (remember === false) return "off";
  if (remember === "auto" && !isStatement(query)) return "question";
  return undefined;
}
