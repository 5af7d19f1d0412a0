/** What is to be embedded: as it travels, and as a model takes it. */

import { type EmbedFailure, type EmbedInput, type ErrorCode, LIMITS } from "@nexus/core";
import { z } from "zod";
import { decodeBase64 } from "./base64.ts";
import { nameText, queryText } from "./fields.ts";
import { imageHeader } from "./image-header.ts";
import { fitsUtf8, utf8Length } from "./utf8-length.ts";
import { wavSeconds } from "./wav-seconds.ts";

const textField = z.string().meta({ minLength: 1, maxLength: LIMITS.maxTextBytes });
const base64Field = z.string().meta({ contentEncoding: "base64" });

export const embeddingInput = z
  .discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("text"),
      content: textField,
      instruction: queryText.nullish().meta({ description: "In place of the model's own, for models that take one." }),
      role: z.enum(["query", "passage"]).nullish().meta({
        description: "What the text is for, where the model tells them apart; a passage, if left out.",
      }),
    }),
    z.strictObject({ type: z.literal("code"), content: textField, language: nameText.nullish() }),
    z.strictObject({
      type: z.literal("image"),
      data: base64Field,
      mediaType: z.enum(["image/png", "image/jpeg", "image/webp"]),
    }),
    z.strictObject({ type: z.literal("audio"), data: base64Field.meta({ description: "A WAV file." }) }),
  ])
  .meta({ id: "EmbeddingInput" });

/** That of the widest model of the registry. */
const WIDEST = 4_096;

export const dimensionField = z.int().min(1).max(WIDEST).nullish().meta({
  description: "A prefix of the vector, renormalised, for models that were trained for it.",
});

type WireInput = z.output<typeof embeddingInput>;

/** A request of either shape. */
export interface EmbeddingsInput {
  /** Those that cannot be embedded by any model are failures already. */
  readonly inputs: readonly (EmbedInput | EmbedFailure)[];
  readonly model: string | undefined;
  readonly dimension: number | undefined;
  readonly truncate: boolean | undefined;
  /** How OpenAI's shape wants its vectors; absent for our own shape. */
  readonly openAi?: { readonly encoding: "float" | "base64" } | undefined;
}

/** The input as core has it, or why it cannot be embedded: that of one input leaves the others alone. */
export function readEmbedInput(input: WireInput): EmbedInput | EmbedFailure {
  switch (input.type) {
    case "text": {
      const { content, instruction, role } = input;
      const text = {
        modality: "text",
        content,
        instruction: instruction ?? undefined,
        role: role ?? undefined,
      } as const;
      return textFailure(content) ?? text;
    }
    case "code": {
      const { content, language } = input;
      return textFailure(content) ?? { modality: "code", content, language: language ?? undefined };
    }
    case "image":
      return readImage(input.data, input.mediaType);
    default:
      return readSound(input.data);
  }
}

/** Why a text cannot be embedded by any model. */
function textFailure(text: string): EmbedFailure | undefined {
  if (text.trim() === "") return failure("embed.input_empty", "the text is empty; send some words");
  if (fitsUtf8(text, LIMITS.maxTextBytes)) return undefined;
  const seen = `the text has ${utf8Length(text)} bytes, the limit is ${LIMITS.maxTextBytes}`;
  return failure("embed.input_too_long", `${seen}; embed it in parts`);
}

function readImage(data: string, mediaType: string): EmbedInput | EmbedFailure {
  const bytes = fileBytes(data);
  if ("code" in bytes) return bytes;
  const header = imageHeader(bytes);
  if (!header) return failure("embed.input_broken", "the image is no PNG, JPEG or WebP, or is cut off");
  if (header.mediaType !== mediaType) {
    return failure("embed.input_broken", `the image is ${header.mediaType}, its mediaType says ${mediaType}`);
  }
  const { width, height } = header;
  if (width * height <= LIMITS.maxImagePixels) return { modality: "image", bytes };
  const seen = `the image has ${width} × ${height} pixels, the limit is ${LIMITS.maxImagePixels}`;
  return failure("embed.input_too_long", `${seen}; send it smaller`);
}

function readSound(data: string): EmbedInput | EmbedFailure {
  const bytes = fileBytes(data);
  if ("code" in bytes) return bytes;
  const seconds = wavSeconds(bytes);
  if (seconds === undefined) return failure("embed.input_broken", "the sound is no WAV file with samples in it");
  if (seconds <= LIMITS.maxAudioSeconds) return { modality: "audio", bytes };
  const seen = `the sound lasts ${Math.ceil(seconds)} s, the limit is ${LIMITS.maxAudioSeconds} s`;
  return failure("embed.input_too_long", `${seen}; embed it in parts`);
}

function fileBytes(data: string): Uint8Array | EmbedFailure {
  if (data === "") return failure("embed.input_empty", "data is empty; send a file in base64");
  const bytes = decodeBase64(data);
  return (
    bytes ?? failure("embed.input_broken", "data is not base64; send the file's bytes in it, without a data: prefix")
  );
}

function failure(code: ErrorCode, message: string): EmbedFailure {
  return { code, message: `[nexus] ${message}` };
}
