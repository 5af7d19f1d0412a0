import { NexusError } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { encodeStaticModel } from "./format.ts";
import { hashWord } from "./row-table.ts";
import { scanWords } from "./scan.ts";
import { createStaticEmbedder } from "./static.ts";

const WORDS = ["cat", "dog", "lisbon", "train"];

function hashOf(word: string): number {
  return hashWord(
    Uint16Array.from(word, (unit) => unit.charCodeAt(0)),
    word.length,
  );
}

/** A model of four words and two shared rows. */
function smallModel(bits: 4 | 8): Uint8Array {
  const rows = WORDS.length + 2;
  const codes = Int8Array.from({ length: (rows * 64 * bits) / 8 }, (_, i) => ((i * 37) % 251) - 125);
  return encodeStaticModel({
    dimension: 64,
    bits,
    words: WORDS.length,
    common: WORDS.length,
    parts: 0,
    shared: 2,
    unrelated: [0.125],
    hashes: Uint32Array.from(WORDS, hashOf),
    scales: new Float32Array(rows).fill(0.01),
    codes,
  });
}

function wordsOf(text: string): string[] {
  const found: string[] = [];
  scanWords(text, (units, length) => found.push(String.fromCharCode(...units.subarray(0, length))));
  return found;
}

describe.each([8, 4] as const)("createStaticEmbedder with codes of %d bits", (bits) => {
  const bytes = smallModel(bits);
  const embedder = createStaticEmbedder(bytes);

  it("gives a finite unit vector for every text with a word and zeros for any other", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 60 }), async (text) => {
        const [vector = new Float32Array()] = await embedder.embed([text]);
        expect(vector).toHaveLength(64);
        const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
        const expected = wordsOf(text).length > 0 ? 1 : 0;
        expect(Math.abs(length - expected)).toBeLessThan(1e-5);
      }),
    );
  });

  it("gives the same vector again, in any batch, from any instance and from a view into a larger buffer", async () => {
    const texts = ["The cat took the train", "a dog in Lisbon", "猫が好きです"];
    const together = await embedder.embed(texts);
    const padded = new Uint8Array(bytes.length + 3);
    padded.set(bytes, 3);
    for (const [i, text] of texts.entries()) {
      for (const view of [padded.subarray(3), Buffer.from(bytes), Buffer.from(padded).subarray(3)]) {
        expect(await createStaticEmbedder(view).embed([text])).toEqual([together[i]]);
      }
    }
  });

  it("keeps no hold on the bytes it was given", async () => {
    const given = Buffer.from(bytes);
    const other = createStaticEmbedder(given);
    given.fill(0);
    expect(await other.embed(["cat dog zebra"])).toEqual(await embedder.embed(["cat dog zebra"]));
  });

  it("changes its model name with its bytes, and says its dimension and unrelated cosine", () => {
    expect(embedder.describe()).toMatchObject({ name: "e0", dimension: 64, unrelatedCosine: 0.125 });
    expect(embedder.describe().model).toMatch(/^e0-[0-9a-f]{8}-64$/);
  });

  it("refuses a file in which any byte has changed, or that is cut off or too long", () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ by;
        expect(codeOf(() => createStaticEmbedder(damaged))).toBe("embed.load_failed");
      }),
    );
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(codeOf(() => createStaticEmbedder(bytes.subarray(0, length)))).toBe("embed.load_failed");
      }),
    );
    expect(codeOf(() => createStaticEmbedder(Uint8Array.of(...bytes, 0, 0, 0, 0)))).toBe("embed.load_failed");
  });

  it("refuses foreign bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (foreign) => {
        expect(codeOf(() => createStaticEmbedder(foreign))).toBe("embed.load_failed");
      }),
    );
  });

  it.each([0, 63, 128, 256, Number.NaN])("refuses %d dimensions, which it has not", (dimension) => {
    expect(codeOf(() => createStaticEmbedder(bytes, { dimension }))).toBe("config.invalid");
  });

  it("stops at an aborted signal", async () => {
    await expect(embedder.embed(["text"], { signal: AbortSignal.abort() })).rejects.toThrow();
  });

  it("embeds a text of 10 MB by its beginning", async () => {
    const sentence = "The dog was late for the train to Lisbon. ";
    const [long, beginning] = await embedder.embed([
      sentence.repeat(240_000),
      sentence.repeat(5_000).slice(0, 200_000),
    ]);
    expect(long).toEqual(beginning);
  });
});

describe("scanWords", () => {
  it.each([
    ["Don't stop: it's Ana’s café!", ["dont", "stop", "it", "ana", "cafe"]],
    ["El ÑANDÚ corrió 3,5 km", ["el", "nandu", "corrio", "3", "5", "km"]],
    ["東京へ", ["東", "京", "東京", "へ", "京へ"]],
    ["ﬁne ＷＩＤＥ ё й", ["fine", "wide", "е", "и"]],
    ["l'homme d’accord o'clock", ["l", "homme", "d", "accord", "o", "clock"]],
    ["한국어 문장", ["한국어", "문장"]],
  ])("reads %j as %j", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it("reads the same words whatever the case and marks", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b", "c", " ", "á", "é", "ñ", "Ü", "ç", "'"), maxLength: 40 }),
        (text) => {
          expect(wordsOf(text.normalize("NFD").toUpperCase())).toEqual(wordsOf(text));
        },
      ),
    );
  });
});

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof NexusError) return error.code;
    throw error;
  }
  return undefined;
}
