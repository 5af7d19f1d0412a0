/** The port of the embedding service: any input, any model of the registry, whatever it takes to run it. */

export type Modality = "text" | "image" | "audio" | "code";

/** What can be embedded. Media are the bytes of a file; nothing is fetched. */
export type EmbedInput =
  | {
      readonly modality: "text";
      readonly content: string;
      /** For models that take one, in place of their own. */
      readonly instruction?: string | undefined;
      /** What the text is for: models with two towers or a query prefix tell them apart. Default "passage". */
      readonly role?: "query" | "passage" | undefined;
    }
  | { readonly modality: "code"; readonly content: string; readonly language?: string | undefined }
  /** PNG, JPEG or WebP. */
  | { readonly modality: "image"; readonly bytes: Uint8Array }
  /** A WAV file, or interleaved samples −1…1 with their rate and channels. */
  | { readonly modality: "audio"; readonly bytes: Uint8Array }
  | {
      readonly modality: "audio";
      readonly samples: Float32Array;
      readonly sampleRate: number;
      readonly channels: number;
    };

export interface EmbedRequest {
  readonly inputs: readonly EmbedInput[];
  /** A model of the registry ("e0" … "e12"), "ensemble" (every model that is here and reads the input), or "fused". Default: the best that is ready, with E0 in the last place. */
  readonly model?: string | undefined;
  /** A prefix of the vector, renormalised, where the model was trained for it. */
  readonly dimension?: number | undefined;
  /** Refuse a text that is longer than the model reads, rather than cut it. */
  readonly truncate?: boolean | undefined;
  /** Another model may answer where the named one fails; it is named in `insteadOf`. Default: only where no model was named. */
  readonly alternative?: boolean | undefined;
  /** Nobody waits for the answer: requests that somebody waits for go first. */
  readonly background?: boolean | undefined;
  /** Kept apart in the cache. */
  readonly tenant: string;
  readonly signal?: AbortSignal | undefined;
}

/** One input's outcome by one model. */
export interface Embedding {
  /** Unit length, but for models that score by dot product. */
  readonly vector: Float32Array;
  readonly model: string;
  /** What was asked for, where another model answered in its place. */
  readonly insteadOf?: string | undefined;
  readonly cached: boolean;
  readonly tokens: number;
  readonly truncated: boolean;
}

export interface EmbedResult {
  /** In the order of the inputs; for "ensemble" one per model that read the input. An input that could not be embedded is the error, the others are there. */
  readonly results: readonly (readonly Embedding[] | EmbedFailure)[];
  /** Models that were asked for or belong to the ensemble and did not answer, with the code of the reason. */
  readonly skipped: readonly { readonly model: string; readonly code: string }[];
}

/** Why one input has no vector: an error's code and message. */
export interface EmbedFailure {
  readonly code: string;
  readonly message: string;
}

/** A model as `GET /api/embeddings/models` and `nexus models list` tell of it. */
export interface ModelState {
  readonly id: string;
  readonly name: string;
  readonly dimension: number;
  readonly modalities: readonly Modality[];
  readonly licence: string;
  /** Its files are here, and it can be loaded. */
  readonly present: boolean;
  readonly loaded: boolean;
  readonly device?: string | undefined;
  readonly quantization?: string | undefined;
  /** Stands for the contents of its files: others under the same name give other vectors. */
  readonly weights?: string | undefined;
  /** Resident, when loaded; of its files, otherwise. */
  readonly bytes?: number | undefined;
}

export interface EmbeddingService {
  /** throws  embed.* when no input could be read at all, or a named model fails; per-input failures are in the results */
  embed(request: EmbedRequest): Promise<EmbedResult>;
  models(): Promise<readonly ModelState[]>;
}
