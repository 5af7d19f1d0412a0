/** The port of embedding models. */

export interface EmbedderDescription {
  /** Name of the model's vector in the vector store. */
  readonly name: string;
  /** Changes whenever the same text would give another vector. */
  readonly model: string;
  readonly dimension: number;
  /** Median cosine of two unrelated texts: the zero of the semantic factor. */
  readonly unrelatedCosine: number;
}

export interface Embedder {
  /** One unit vector per text, in order; a text without any word gives a zero vector. */
  embed(texts: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<Float32Array[]>;
  describe(): EmbedderDescription;
}
