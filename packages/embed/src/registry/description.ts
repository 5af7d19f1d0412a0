/** What the registry says of a model: enough to fetch, check, load and feed it. */

import type { Modality } from "@nexus/core";

type Pooling = "static" | "mean" | "cls" | "last-token" | "projected" | "mean-dense" | "remote";
export type Quantization = "fp32" | "fp16" | "bf16" | "q8" | "q4";

export interface ModelFile {
  /** Inside the repository and, the same, inside the model's folder. */
  readonly path: string;
  readonly bytes?: number | undefined;
  readonly sha256?: string | undefined;
  /** Only fetched and loaded for this quantisation; absent: always. */
  readonly quantization?: Quantization | undefined;
  /** A pull without it is no failure. */
  readonly optional?: boolean | undefined;
}

interface ModelSource {
  /** Where the ONNX files are, as "owner/name" of the model host; may be a conversion of the original. */
  readonly repository: string;
  /** A commit where known, else a branch. */
  readonly revision: string;
  /** None where no ONNX conversion of it is known: it is converted by hand and imported. */
  readonly files: readonly ModelFile[];
}

/** What config.json must say for a folder to be this model. */
interface Architecture {
  readonly modelType: string;
  /** hidden_size, d_model or projection_dim. */
  readonly hidden: number;
  readonly layers: number;
}

export interface ModelDescription {
  /** "e0" … "e12". */
  readonly id: string;
  /** The original's name, "owner/name". */
  readonly name: string;
  readonly dimension: number;
  readonly modalities: readonly Modality[];
  readonly pooling: Pooling;
  /** Tokens with the special ones, where it reads text or code. */
  readonly maxTokens: number;
  /** Put before a text in role "query"; "{task}" is the input's instruction. */
  readonly queryPrefix: string;
  readonly passagePrefix: string;
  /** Scored by dot product: vectors keep their norm. Otherwise they have unit length. */
  readonly dot: boolean;
  readonly licence: string;
  /** Not for commercial use: the licence has to be accepted first. */
  readonly nonCommercial: boolean;
  /** Size of the original as it ships. */
  readonly gigabytes: number;
  /** Absent for E0. */
  readonly architecture?: Architecture | undefined;
  /** Absent for E0, which is part of the package. */
  readonly source?: ModelSource | undefined;
  /** Tried in this order where the model fails. */
  readonly alternatives: readonly string[];
}
