/** The Worker of the embedder bench: takes E0's file once, then embeds as many texts as it is told. */

import type { Embedder } from "@nexus/core";
import { createStaticEmbedder } from "@nexus/embed";
import { textsOf } from "./embedder-texts.ts";

let embedder: Embedder | undefined;

/** POST: the bytes of a model. `?texts=1000`: embeds so many. */
export const worker: { fetch(request: Request): Promise<Response> } = {
  async fetch(request) {
    if (request.method === "POST") {
      embedder = createStaticEmbedder(new Uint8Array(await request.arrayBuffer()));
      return Response.json(embedder.describe().dimension);
    }
    const texts = textsOf(Number(new URL(request.url).searchParams.get("texts")));
    const vectors = (await embedder?.embed(texts)) ?? [];
    return Response.json(vectors.reduce((sum, vector) => sum + (vector[0] ?? 0), 0));
  },
};
