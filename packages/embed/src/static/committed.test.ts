import { statSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";

import { readE0 } from "./read.node.ts";

const MODELS = [
  ["256 dimensions", {}],
  ["128 dimensions", { dimension: 128 }],
  ["64 dimensions", { dimension: 64 }],
  ["the edge's 64 dimensions", { edge: true }],
] as const;

function sizeOf(name: string): number {
  return statSync(new URL(`../../model/${name}`, import.meta.url)).size;
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  return (a ?? new Float32Array()).reduce((sum, value, i) => sum + value * (b?.[i] ?? 0), 0);
}

describe("the committed model", () => {
  it("takes at most 8 MiB, its slice for the edge 1.5 MiB", () => {
    expect(sizeOf("e0.bin")).toBeLessThanOrEqual(8 * 2 ** 20);
    expect(sizeOf("e0-edge.bin")).toBeLessThanOrEqual(1.5 * 2 ** 20);
  });

  it("gives vectors for the edge that are those of the first 64 dimensions: cosine ≥ 0.98", async () => {
    const texts = [
      "My sister adopted two kittens last week",
      "¿Dónde compraste los zapatos?",
      "Das Fahrrad ist kaputt",
    ];
    const [whole, edge] = await Promise.all([
      readE0({ dimension: 64 }).embed(texts),
      readE0({ edge: true }).embed(texts),
    ]);
    for (const i of texts.keys()) expect(cosine(whole[i], edge[i])).toBeGreaterThan(0.98);
  });

  it("is the same for every word in any case and with or without marks", async () => {
    const [one, other] = await readE0().embed(["CANCIÓN, Café!", "cancion cafe"]);
    expect(cosine(one, other)).toBeCloseTo(1, 5);
  });
});

describe.each(MODELS)("the committed model at %s", (_, options) => {
  let embedder: ReturnType<typeof readE0>;
  beforeAll(() => {
    embedder = readE0(options);
  });

  it.each([
    ["My sister adopted two kittens", "She has a new cat at home", "The train to Porto was late"],
    ["What is the capital of France?", "Paris is the largest city of France", "Mix the flour with two eggs"],
    ["I feel sad and lonely today", "He is unhappy and depressed", "The database needs an index"],
    [
      "How do I reset my password?",
      "Change your login credentials in the settings",
      "Goats eat grass in the mountains",
    ],
    ["She is a doctor at the hospital", "The nurse takes care of patients", "Our band plays rock music"],
    ["Compré unos zapatos nuevos", "¿Dónde compraste los zapatos?", "Mañana lloverá en la costa"],
    ["El médico trabaja en el hospital", "La enfermera cuida a los pacientes del hospital", "El tren llegó tarde"],
  ])("is closer to a text about the same than to another by 0.1: %s", async (text, same, other) => {
    const [a, b, c] = await embedder.embed([text, same, other]);
    expect(cosine(a, b)).toBeGreaterThan(cosine(a, c) + 0.1);
  });

  it("finds a misspelt or inflected name by its parts", async () => {
    const [name, misspelt, other] = await embedder.embed(["Malhotra", "Malhotras", "Okonkwo"]);
    expect(cosine(name, misspelt)).toBeGreaterThan(cosine(name, other) + 0.15);
  });

  it("gives zeros for a text without a word", async () => {
    const [vector] = await embedder.embed([" … 😀 "]);
    expect(vector?.every((value) => value === 0)).toBe(true);
  });
});
