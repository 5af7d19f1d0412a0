/** The files of a model as its conversions to ONNX lay them out, with what is known of them. */

import type { ModelFile, Quantization } from "./description.ts";

/** SHA-256 and bytes by path, from public lock files that agree with each other. */
type Pins = Readonly<Record<string, { readonly bytes?: number; readonly sha256?: string }>>;

/** Names of a quantisation's file, first the one a pull asks for: transformers.js's suffixes, then others that are about. */
export const QUANTIZATION_SUFFIXES: Readonly<Record<Quantization, readonly string[]>> = {
  fp32: [""],
  fp16: ["_fp16"],
  bf16: ["_bf16"],
  q8: ["_quantized", "_int8", "_uint8", "_qint8"],
  q4: ["_q4", "_q4f16", "_bnb4"],
};

export interface Layout {
  /** Graphs under onnx/, without suffix: ["model"], or ["text_model", "vision_model"]. */
  readonly graphs: readonly string[];
  readonly quantizations: readonly Quantization[];
  /** Settings files beside config.json; those with "?" may be absent. */
  readonly settings: readonly string[];
  /** Quantisations whose weights are in `<graph>.onnx_data` beside it. */
  readonly externalData?: readonly Quantization[];
  readonly pins?: Pins;
}

export const TEXT_SETTINGS = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json?"] as const;

export function sourceFiles({ graphs, quantizations, settings, externalData = [], pins = {} }: Layout): ModelFile[] {
  const file = (path: string, rest: Partial<ModelFile> = {}): ModelFile => ({ path, ...pins[path], ...rest });
  return [
    file("config.json"),
    ...settings.map((name) => (name.endsWith("?") ? file(name.slice(0, -1), { optional: true }) : file(name))),
    ...graphs.flatMap((graph) =>
      quantizations.flatMap((quantization) => {
        const path = `onnx/${graph}${QUANTIZATION_SUFFIXES[quantization][0]}.onnx`;
        const graphFile = file(path, { quantization });
        return externalData.includes(quantization) ? [graphFile, file(`${path}_data`, { quantization })] : [graphFile];
      }),
    ),
  ];
}
