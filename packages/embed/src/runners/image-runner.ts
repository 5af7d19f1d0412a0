/** Runs the image tower of a model of images and texts. */

import type { EmbedInput } from "@nexus/core";
import { NexusError } from "@nexus/core";

import type { Runner, RunOptions } from "../models/runner.ts";
import type { ModelDescription } from "../registry/description.ts";
import { type Prepared, runInBatches, type Stages } from "./batch-runner.ts";
import { pool } from "./pooling.ts";
import { floatTensor, type OnnxSession } from "./session.ts";
import { unsupported } from "./text-input.ts";

/** Pixels as the tower wants them: channels × height × width, scaled and normalised. */
export interface Pixels {
  readonly data: Float32Array;
  /** [3, height, width]; the same for every image. */
  readonly dims: readonly number[];
}

export interface ImageModelParts {
  readonly model: ModelDescription;
  readonly session: OnnxSession;
  /** Decodes a PNG, JPEG or WebP file. throws  embed.input_broken */
  readonly pixelsOf: (file: Uint8Array) => Promise<Pixels>;
  /** Patches of an image, which are the tower's tokens. */
  readonly patches: number;
  readonly integer: boolean;
  readonly bytes: number;
  readonly quantization: string;
}

interface ImageRow extends Prepared {
  readonly pixels: Pixels;
}

/** Images of one call: 32 of 224 × 224 are 19 MB of pixels. */
const MAX_BATCH = 32;

export function createImageRunner(parts: ImageModelParts): Runner {
  const { model, session, patches } = parts;
  const stages: Stages<ImageRow> = {
    id: model.id,
    dimension: model.dimension,
    dot: model.dot,
    alone: parts.integer,
    maxBatchTokens: MAX_BATCH * patches,
    prepare: async (input) => {
      if (input.modality !== "image") throw unsupported(model, input);
      if (input.bytes.byteLength === 0) {
        throw new NexusError("embed.input_empty", "[nexus/embed] an image has no bytes; leave it out");
      }
      return { pixels: await parts.pixelsOf(input.bytes), length: patches, tokens: patches, truncated: false };
    },
    compute: (rows) => embedImages(session, rows),
  };
  return {
    id: model.id,
    dimension: model.dimension,
    bytes: parts.bytes,
    device: session.device,
    quantization: parts.quantization,
    run: (inputs, options) => runInBatches(stages, inputs, options),
    lengthOf: () => patches,
    close: () => session.close(),
  };
}

/** One runner of several, each for the inputs of its modality. */
export function joinRunners(text: Runner, image: Runner): Runner {
  const of = (input: EmbedInput): Runner => (input.modality === "image" ? image : text);
  return {
    ...text,
    bytes: text.bytes + image.bytes,
    lengthOf: (input) => of(input).lengthOf(input),
    async run(inputs: readonly EmbedInput[], options?: RunOptions) {
      const inputsOf = (runner: Runner) => inputs.filter((input) => of(input) === runner);
      const fromText = await text.run(inputsOf(text), options);
      const fromImage = await image.run(inputsOf(image), options);
      const next = { text: fromText.values(), image: fromImage.values() };
      return inputs.map((input) => {
        const { value } = (of(input) === image ? next.image : next.text).next();
        return value ?? unsupportedOutcome(input);
      });
    },
    close: async () => void (await Promise.all([text.close(), image.close()])),
  };
}

function unsupportedOutcome(input: EmbedInput): NexusError {
  return new NexusError("embed.invalid_output", `[nexus/embed] an input of kind ${input.modality} got no outcome`);
}

async function embedImages(session: OnnxSession, rows: readonly ImageRow[]): Promise<Float32Array[]> {
  const input = session.inputs[0];
  const output = session.outputNames.find((name) => name === "image_embeds") ?? session.outputNames[0];
  const dims = rows[0]?.pixels.dims;
  if (!input || !dims || output === undefined) throw new Error("the graph has no input or no output");
  const size = dims.reduce((product, length) => product * length, 1);
  const batch = new Float32Array(rows.length * size);
  for (const [i, { pixels }] of rows.entries()) batch.set(pixels.data, i * size);
  const result = await session.run({ [input.name]: floatTensor(batch, [rows.length, ...dims], input.type) }, output);
  return pool(
    result,
    "cls",
    rows.map(() => ({ from: 0, to: 1 })),
  );
}
