import { NexusError } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createHashingEmbedder } from "./hashing.ts";

const embedder = createHashingEmbedder();

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  let sum = 0;
  for (const [i, value] of (a ?? []).entries()) sum += value * (b?.[i] ?? 0);
  return sum;
}

async function cosineOf(a: string, b: string): Promise<number> {
  const [first, second] = await embedder.embed([a, b]);
  return cosine(first, second);
}

describe("createHashingEmbedder", () => {
  it("gives a unit vector for every text with a word and zeros for any other", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 60 }), async (text) => {
        const [vector] = await embedder.embed([text]);
        expect(vector).toHaveLength(256);
        const length = Math.sqrt(cosine(vector, vector));
        expect(Math.abs(length - 1) < 1e-5 || length === 0).toBe(true);
      }),
    );
    const [none] = await embedder.embed([" … 😀 "]);
    expect(none?.every((value) => value === 0)).toBe(true);
  });

  it("gives the same vector again, in any batch and from any instance", async () => {
    const texts = ["Ana moved to Lisbon", "Der Zug kam zu spät", "猫が好きです"];
    const together = await embedder.embed(texts);
    for (const [i, text] of texts.entries()) {
      expect(await createHashingEmbedder().embed([text])).toEqual([together[i]]);
    }
  });

  it.each([
    ["My sister adopted two kittens", "She is adopting a kitten", "The train to Porto was late"],
    ["Compré unos zapatos nuevos", "¿Dónde compraste los zapatos?", "Mañana lloverá en la costa"],
    ["Die Wohnungssuche in Köln", "Wir suchen eine Wohnung", "Sein Fahrrad ist kaputt"],
    ["東京の図書館で本を読む", "図書館は東京にあります", "犬と散歩に行った"],
  ])("is closer to a text about the same than to another: %s", async (text, same, other) => {
    expect(await cosineOf(text, same)).toBeGreaterThan((await cosineOf(text, other)) + 0.1);
  });

  it("finds a misspelt name by its parts", async () => {
    expect(await cosineOf("Malhotra", "Malhotras")).toBeGreaterThan(0.4);
    expect(await cosineOf("Katherine", "Catherine")).toBeGreaterThan(0.2);
  });

  it("names itself with its dimension", () => {
    expect(createHashingEmbedder({ dimension: 384 }).describe()).toMatchObject({
      name: "hashing",
      model: "hashing-1-384",
      dimension: 384,
    });
  });

  it.each([0, 15, 256.5, Number.NaN])("refuses %d dimensions", (dimension) => {
    expect(() => createHashingEmbedder({ dimension })).toThrow(NexusError);
  });

  it("stops at an aborted signal", async () => {
    await expect(embedder.embed(["text"], { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});
