/** A quick estimate of how long an input is to a model, for putting inputs of like length into one batch. */

import type { EmbedInput } from "@nexus/core";

/** English word pieces are four to five characters long with their space. */
const CHARACTERS_PER_TOKEN = 4.4;
const SPECIAL_TOKENS = 2;
/** 20 ms at 16 kHz; bytes as if they were 16 bits. */
const FRAME_SECONDS = 0.02;
const BYTES_PER_FRAME = 640;

/**
 * Tokens of a text or frames of a sound, at most limit for a text; 1 for an image, which are all of one size.
 *
 * cost  reads at most 5 characters a token of the limit
 */
export function estimateLength(input: EmbedInput, limit: number): number {
  if (input.modality === "image") return 1;
  if (input.modality !== "audio") return estimateTokens(input.content, limit);
  if ("bytes" in input) return Math.ceil(input.bytes.byteLength / BYTES_PER_FRAME);
  const samplesPerSecond = Math.max(1, input.channels * input.sampleRate);
  return Math.ceil(input.samples.length / samplesPerSecond / FRAME_SECONDS);
}

function estimateTokens(content: string, limit: number): number {
  let tokens = SPECIAL_TOKENS;
  for (let i = 0; i < content.length && tokens < limit; i++) {
    // CJK and what follows it in Unicode: about a token a character.
    tokens += content.charCodeAt(i) >= 0x2e80 ? 1 : 1 / CHARACTERS_PER_TOKEN;
  }
  return Math.min(limit, Math.ceil(tokens));
}
