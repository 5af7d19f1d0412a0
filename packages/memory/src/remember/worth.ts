/** What a memory is worth when it is written: its text, who it comes from, and how often it was said before. */

import type { Memory, RecordReader, Reference } from "@nexus/core";
import { CONTENT_SHARE, type Origin, qualityOf } from "../engines/accuracy.ts";
import type { NewMemory } from "../requests.ts";
import { referencesOf } from "./links.ts";
import { understand } from "./understand.ts";

/** The quality once the text is another one: its origin, confirmations and ratings stay what they are. */
export function regraded(
  { quality, content, metadata, language, tokenCount, ...told }: Memory,
  contentQuality: number,
): number | undefined {
  if (quality === undefined) return undefined;
  const former = understand({ ...told, content, metadata }, { language, tokenCount }).contentQuality;
  return Math.min(1, Math.max(0, quality + CONTENT_SHARE * (contentQuality - former)));
}

/** More confirmations than these count no further. */
const MOST_CONFIRMATIONS = 3;

export function qualityOfNew(
  input: Pick<NewMemory, "speaker" | "metadata">,
  content: number,
  confirmations: number,
): number {
  return qualityOf({ content, origin: originOf(input), confirmations, ratingSum: 0, ratingCount: 0 });
}

/** How often a memory was said: once, and once for each that it took in, these included. */
export async function timesSaid(reader: RecordReader, memory: Pick<Memory, "id">): Promise<number> {
  let count = 1;
  for (let id: string | undefined = memory.id; id !== undefined && count < MOST_CONFIRMATIONS;) {
    const merged: Reference | undefined = (await referencesOf(reader, id)).find(({ type }) => type === "mergedInto");
    if (merged) count++;
    id = merged?.targetId;
  }
  return count;
}

/** By the role that chat clients give, else a user's. */
function originOf({ speaker, metadata }: Pick<NewMemory, "speaker" | "metadata">): Origin {
  const role = metadata["role"] ?? speaker;
  if (role === "assistant") return "assistant";
  if (metadata["origin"] === "import") return "import";
  return metadata["origin"] === "derived" ? "derived" : "user";
}
