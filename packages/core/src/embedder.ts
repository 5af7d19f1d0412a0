/** The port of embedding models as remembering and recalling use it: texts to vectors. */

export interface EmbedderDescription {
  /** Name of the model's vector in the vector store. */
  readonly name: string;
  /** Changes whenever the same text would give another vector. */
  readonly model: string;
  readonly dimension: number;
  /** Median cosine of two unrelated texts: the zero of the semantic factor. */
  readonly unrelatedCosine: number;
}

export interface EmbedOptions {
  readonly signal?: AbortSignal | undefined;
  /** What the texts are for: models with a query prefix or two towers tell them apart. Default "passage". */
  readonly role?: "query" | "passage" | undefined;
}

export interface Embedder {
  /** One unit vector per text, in order; a text without any word gives a zero vector. */
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
  describe(): EmbedderDescription;
}

/** Models that take milliseconds a text, beside the built-in one. */
export interface DeepModels {
  /** The one that is to be used now; undefined while there is none. Cheap: asked at every sweep. */
  wanted(): Promise<Embedder | undefined>;
  /** The one that gave vectors of this `describe().model`; undefined when its files are gone. */
  of(model: string): Promise<Embedder | undefined>;
}
