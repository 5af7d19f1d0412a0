/** A text as the model wants to see it: its prefix or instruction in front. */

import { type EmbedInput, NexusError } from "@nexus/core";

import type { ModelDescription } from "../registry/description.ts";

export interface FramedText {
  /** Prefix and content. */
  readonly text: string;
  /** The part in front, where the model reads it but does not pool it. */
  readonly unpooled: string;
  readonly role: "query" | "passage";
}

/** What E12 is told where nobody says what the query is for; its authors' words. */
const DEFAULT_TASK = "Given a web search query, retrieve relevant passages that answer the query";

/** throws  embed.unsupported_modality, embed.input_empty */
export function framedText(model: ModelDescription, input: EmbedInput): FramedText {
  if ((input.modality !== "text" && input.modality !== "code") || !model.modalities.includes(input.modality)) {
    throw unsupported(model, input);
  }
  if (input.content === "") {
    throw new NexusError("embed.input_empty", `[nexus/embed] an input for model ${model.id} has no text; leave it out`);
  }
  const role = (input.modality === "text" ? input.role : undefined) ?? "passage";
  const instruction = input.modality === "text" ? input.instruction : undefined;
  const prefix = prefixOf(model, role, instruction);
  return {
    text: prefix + input.content,
    unpooled: model.pooling === "mean-dense" ? prefix : "",
    role,
  };
}

export function unsupported(model: ModelDescription, input: EmbedInput): NexusError {
  return new NexusError(
    "embed.unsupported_modality",
    `[nexus/embed] model ${model.id} reads ${model.modalities.join(", ")}, not ${input.modality}; ask for another model`,
  );
}

/** A template takes the instruction as its task; a model with a plain prefix takes the instruction in its place. */
function prefixOf(model: ModelDescription, role: "query" | "passage", instruction: string | undefined): string {
  const own = role === "query" ? model.queryPrefix : model.passagePrefix;
  if (own.includes("{task}")) return own.replace("{task}", () => instruction ?? DEFAULT_TASK);
  if (instruction === undefined || model.queryPrefix === "" || model.queryPrefix.includes("{task}")) return own;
  return instruction.endsWith(" ") ? instruction : `${instruction} `;
}
