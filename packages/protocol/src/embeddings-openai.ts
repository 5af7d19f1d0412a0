/** POST /api/embeddings in the shape of OpenAI, whose clients then need another base URL and a model of this server. */

import { type EmbedResult, LIMITS, NexusError } from "@nexus/core";
import { z } from "zod";
import { encodeBase64 } from "./base64.ts";
import { dimensionField, type EmbeddingsInput, readEmbedInput } from "./embedding-input.ts";
import { readCode } from "./failure.ts";
import { nameText } from "./fields.ts";
import { rejected, validate } from "./validate.ts";

export const openAiBody = z
  .strictObject({
    input: z.union(
      [z.string(), z.array(z.string()).min(1).max(LIMITS.maxEmbedInputs)],
      "must be a text or a list of texts",
    ),
    model: nameText.meta({ description: "An id of GET /api/embeddings/models, or `fused`." }),
    dimensions: dimensionField,
    encoding_format: z.enum(["float", "base64"]).nullish().meta({
      description: "`base64`: 32-bit floats, little-endian.",
    }),
    user: z.string().nullish().meta({ description: "Accepted, and without effect." }),
  })
  .meta({ id: "OpenAiEmbeddingsRequest" });

export const openAiWire = z
  .object({
    object: z.literal("list"),
    data: z.array(
      z.object({
        object: z.literal("embedding"),
        index: z.int(),
        embedding: z.union([z.array(z.number()), z.string()]),
      }),
    ),
    model: z.string(),
    usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
  })
  .meta({ id: "OpenAiEmbeddings" });

/** Whether a body is of this shape. */
export function isOpenAi(body: unknown): body is { readonly input: unknown } {
  return body !== null && typeof body === "object" && Object.hasOwn(body, "input");
}

/** Where its clients look for what went wrong: a member beside those of a problem. */
export function openAiErrorToWire({ code, message, status, problems }: NexusError): {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
} {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  return { error: { message, type, param: problems[0]?.path ?? null, code } };
}

/** throws  what `validate` throws, `body.invalid` for tokens and for the ensemble, whose vectors the answer has no place for */
export function parseOpenAiEmbeddings(body: { readonly input: unknown }): EmbeddingsInput {
  refuseTokens(body.input);
  const { input, model, dimensions, encoding_format } = validate(openAiBody, body);
  if (model === "ensemble") {
    const message = "gives a vector for each of its models, which this shape cannot say; send inputs instead of input";
    throw rejected("body.invalid", [{ path: "model", message }]);
  }
  const texts = typeof input === "string" ? [input] : input;
  return {
    inputs: texts.map((content) => readEmbedInput({ type: "text", content })),
    model,
    dimension: dimensions ?? undefined,
    truncate: undefined,
    openAi: { encoding: encoding_format ?? "float" },
  };
}

/** throws  the code of the first input that failed, and `embed.device` for a vector of another model: the shape has no place for either */
export function openAiEmbeddingsToWire(
  { results }: EmbedResult,
  { model = "", openAi }: Pick<EmbeddingsInput, "model" | "openAi">,
): z.output<typeof openAiWire> {
  let tokens = 0;
  const data = results.map((result, index) => {
    const path = `input.${index}`;
    if ("code" in result) throw refused(readCode(result.code), path, result.message);
    const [embedding] = result;
    if (!embedding) throw refused("embed.invalid_output", path, "[nexus] the model gave no vector");
    if (embedding.insteadOf !== undefined) {
      throw refused(
        "embed.device",
        path,
        `[nexus] ${embedding.insteadOf} did not answer, and ${embedding.model} is another model`,
      );
    }
    tokens += embedding.tokens;
    return {
      object: "embedding" as const,
      index,
      embedding: openAi?.encoding === "base64" ? float32Base64(embedding.vector) : Array.from(embedding.vector),
    };
  });
  return { object: "list", data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

function refused(code: NexusError["code"], path: string, message: string): NexusError {
  return new NexusError(code, message, { problems: [{ path, message }] });
}

/** throws  `body.invalid` for lists of token numbers, which mean another text to every tokenizer */
function refuseTokens(input: unknown): void {
  const first: unknown = Array.isArray(input) ? input[0] : undefined;
  if (typeof first !== "number" && !Array.isArray(first)) return;
  const message = "has token numbers, which are those of another model's tokenizer; send texts";
  throw rejected("body.invalid", [{ path: "input", message }]);
}

function float32Base64(vector: Float32Array): string {
  const view = new DataView(new ArrayBuffer(4 * vector.length));
  for (const [i, value] of vector.entries()) view.setFloat32(4 * i, value, true);
  return encodeBase64(new Uint8Array(view.buffer));
}
