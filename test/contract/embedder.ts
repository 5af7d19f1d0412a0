/** What every embedder must do, whatever model is behind it. */

import type { Embedder } from "@nexus/core";
import { describe, expect, it } from "vitest";

const TEXTS = [
  "The spare key is under the blue flower pot",
  "La llave está debajo de la maceta azul",
  "鍵は青い植木鉢の下にあります",
  "👩‍👩‍👧 and a word",
  "a",
];

export function embedderContract(name: string, open: () => Embedder): void {
  describe(`embedder: ${name}`, () => {
    const embedder = open();
    const { dimension } = embedder.describe();
    const cosine = (a: Float32Array, b: Float32Array): number =>
      a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

    it("gives one finite unit vector of its dimension per text, in order", async () => {
      const vectors = await embedder.embed(TEXTS);
      expect(vectors.map(({ length }) => length)).toEqual(TEXTS.map(() => dimension));
      for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      const reversed = await embedder.embed(TEXTS.toReversed());
      expect(reversed.toReversed()).toEqual(vectors);
    });

    it("gives the same vector for the same text, alone or in a batch, now or from a new instance", async () => {
      const [alone] = await embedder.embed([TEXTS[0] ?? ""]);
      const [first] = await embedder.embed(TEXTS);
      const [anew] = await open().embed(TEXTS);
      expect(first).toEqual(alone);
      expect(anew).toEqual(alone);
    });

    it("gives a zero vector for a text without a word, and nothing for no texts", async () => {
      const vectors = await embedder.embed(["", " \n", "?!…"]);
      expect(vectors.every((vector) => vector.length === dimension && vector.every((value) => value === 0))).toBe(true);
      expect(await embedder.embed([])).toEqual([]);
    });

    it("puts a text nearer to its own words than to unrelated ones", async () => {
      const [key, same, other] = await embedder.embed([
        TEXTS[0] ?? "",
        "the key under the flower pot",
        "quarterly revenue grew by nine percent",
      ]);
      const near = cosine(key ?? new Float32Array(), same ?? new Float32Array());
      expect(near).toBeGreaterThan(cosine(key ?? new Float32Array(), other ?? new Float32Array()));
      expect(near).toBeGreaterThan(embedder.describe().unrelatedCosine);
    });

    it("says nothing once its signal is aborted", async () => {
      await expect(embedder.embed(TEXTS, { signal: AbortSignal.abort() })).rejects.toThrow();
    });

    it("describes itself the same way each time, with a name fit for a vector store", () => {
      const description = embedder.describe();
      expect(description).toEqual(open().describe());
      expect(description.name).toMatch(/^[a-z0-9_-]+$/);
      expect(description.unrelatedCosine).toBeGreaterThanOrEqual(0);
      expect(description.unrelatedCosine).toBeLessThan(1);
    });
  });
}
