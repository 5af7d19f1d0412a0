/** The built-in model and models in model2vec's layout, from files. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Embedder, NexusError } from "@nexus/core";
import { E0_CHECKSUMS } from "./checksums.ts";
import { loadModel2Vec } from "./model2vec.ts";
import { createStaticEmbedder, type StaticOptions } from "./static.ts";

export interface ReadE0Options extends StaticOptions {
  /** The slice of 64 dimensions that edge code carries. */
  readonly edge?: boolean;
}

export interface ReadModel2VecOptions {
  readonly name?: string;
  readonly unrelatedCosine?: number;
}

/**
 * The committed built-in model.
 *
 * cost     a file of 8 MB, or 1.2 MB for the edge's; figures in model-card.md
 * throws   embed.load_failed where the file is missing, embed.checksum where it is not the committed one, config.invalid for a dimension it has not
 */
export function readE0({ edge = false, ...options }: ReadE0Options = {}): Embedder {
  const name = edge ? "e0-edge.bin" : "e0.bin";
  const bytes = read(new URL(`../../model/${name}`, import.meta.url));
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== E0_CHECKSUMS[name]) {
    throw new NexusError(
      "embed.checksum",
      `[nexus/embed:e0] packages/embed/model/${name} has SHA-256 ${found}, expected ${E0_CHECKSUMS[name]}; restore the committed file or train both with \`npm run train -- e0\``,
    );
  }
  return createStaticEmbedder(bytes, options);
}

/**
 * A model in model2vec's layout: config.json, tokenizer.json and model.safetensors in one folder, whose address ends in "/".
 *
 * throws   embed.load_failed, embed.tokenizer for files that are missing or damaged; the message names the file
 */
export function readModel2Vec(folder: URL, options: ReadModel2VecOptions = {}): Embedder {
  const json = (name: string): unknown => {
    const file = new URL(name, folder);
    try {
      return JSON.parse(new TextDecoder().decode(read(file))) as unknown;
    } catch (cause) {
      if (cause instanceof NexusError) throw cause;
      throw new NexusError(
        "embed.load_failed",
        `[nexus/embed:model2vec] ${file.pathname} is no JSON; fetch the model anew`,
        { cause },
      );
    }
  };
  const safetensors = read(new URL("model.safetensors", folder));
  return loadModel2Vec({ config: json("config.json"), tokenizer: json("tokenizer.json"), safetensors, ...options });
}

function read(file: URL): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new NexusError("embed.load_failed", `[nexus/embed] ${file.pathname} cannot be read; is the model there?`, {
      cause,
    });
  }
}
