/** Vectors through HTTP: two tenants, both shapes, and whatever is sent instead of a text. */

import { describe, expect, it } from "vitest";
import { createApi } from "../support/api.ts";
import { openApp } from "../support/local-app.ts";

const { a, b, reader, local } = await openApp("embeddings");

interface Embedded {
  readonly results: readonly {
    readonly embeddings: readonly { readonly vector: number[] }[];
    readonly error: { readonly code: string } | null;
  }[];
}

interface OpenAi {
  readonly data: readonly { readonly embedding: number[] | string; readonly index: number }[];
  readonly usage: { readonly prompt_tokens: number };
}

interface Models {
  readonly items: readonly { readonly id: string; readonly dimension: number; readonly present: boolean }[];
}

const PATH = "/api/embeddings";
const SENTENCE = "The heron stands in the shallow water below the mill";
const text = (content: string) => ({ type: "text", content });

async function vectorOf(api: typeof a, content: string, more: object = {}): Promise<number[]> {
  const { status, body } = await api<Embedded>("POST", PATH, { inputs: [text(content)], model: "e0", ...more });
  expect(status).toBe(200);
  return body.results[0]?.embeddings[0]?.vector ?? [];
}

function cosine(x: readonly number[], y: readonly number[]): number {
  let dot = 0;
  for (let i = 0; i < x.length; i++) dot += (x[i] ?? 0) * (y[i] ?? 0);
  return dot / (Math.hypot(...x) * Math.hypot(...y));
}

describe("vectors of the built-in model", () => {
  it("have unit length and its dimension, and are those of the text whoever asks", async () => {
    const { body } = await reader<Models>("GET", `${PATH}/models`);
    const e0 = body.items.find(({ id }) => id === "e0");
    expect(e0).toMatchObject({ present: true });
    const vector = await vectorOf(a, SENTENCE);
    expect(vector).toHaveLength(e0?.dimension ?? 0);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(await vectorOf(b, SENTENCE)).toEqual(vector);
    expect(await vectorOf(reader, SENTENCE)).toEqual(vector);
    expect(cosine(vector, await vectorOf(a, "Interest rates rose by a quarter"))).toBeLessThan(0.8);
  });

  it("may be a prefix, which is renormalised", async () => {
    const [whole, prefix] = [await vectorOf(a, SENTENCE), await vectorOf(a, SENTENCE, { dimension: 64 })];
    expect(prefix).toHaveLength(64);
    expect(Math.hypot(...prefix)).toBeCloseTo(1, 5);
    expect(cosine(prefix, whole.slice(0, 64))).toBeGreaterThan(0.9999);
  });

  it("come in the order of 256 inputs, each as if it were alone", async () => {
    const contents = Array.from({ length: 256 }, (_, i) => `${SENTENCE} number ${i}${" and on".repeat(i % 7)}`);
    const { body } = await a<Embedded>("POST", PATH, { inputs: contents.map(text), model: "e0" });
    const vectors = body.results.map(({ embeddings }) => embeddings[0]?.vector ?? []);
    for (const i of [0, 1, 97, 255]) expect(vectors[i]).toEqual(await vectorOf(b, contents[i] ?? ""));
  });

  it("are the same in OpenAI's shape, as numbers and packed", async () => {
    const ask = (format: string) =>
      a<OpenAi>("POST", PATH, { input: [SENTENCE, "mill"], model: "e0", encoding_format: format });
    const [numbers, packed] = [(await ask("float")).body, (await ask("base64")).body];
    const vector = await vectorOf(b, SENTENCE);
    expect(numbers.data.map(({ index }) => index)).toEqual([0, 1]);
    expect(numbers.data[0]?.embedding).toEqual(vector);
    const bytes = Buffer.from(String(packed.data[0]?.embedding), "base64");
    expect(vector.map((_, i) => bytes.readFloatLE(4 * i))).toEqual(vector);
    expect(numbers.usage.prompt_tokens).toBeGreaterThan(0);
  });
});

describe("what cannot be embedded", () => {
  it("has an error of its own beside the vectors of the others", async () => {
    const png = { type: "image", mediaType: "image/png" };
    const broken = [text(" "), { ...png, data: "%%%" }, { ...png, data: "AAAA" }, { type: "audio", data: "UklGRg==" }];
    const { status, body } = await a<Embedded>("POST", PATH, { inputs: [...broken, text(SENTENCE)] });
    expect(status).toBe(200);
    expect(body.results.map(({ error }) => error?.code)).toEqual([
      "embed.input_empty",
      "embed.input_broken",
      "embed.input_broken",
      "embed.input_broken",
      undefined,
    ]);
    expect(body.results[4]?.embeddings[0]?.vector.length).toBeGreaterThan(0);
  });

  const one = [text(SENTENCE)];
  it.each<[string, number, string, unknown]>([
    ["an empty text", 400, "embed.input_empty", { inputs: [text("")] }],
    ["a text of 10 MB", 413, "body.too_large", { inputs: [text("x".repeat(10_000_000))] }],
    ["a text of 2 MB", 400, "embed.input_too_long", { inputs: [text("x ".repeat(1_000_000))] }],
    ["257 texts", 400, "body.invalid", { inputs: Array.from({ length: 257 }, () => one[0]) }],
    ["a model that is none", 400, "embed.model_unknown", { inputs: one, model: "e99" }],
    ["a model that is not here", 409, "embed.model_missing", { inputs: one, model: "e7" }],
    ["a model of OpenAI", 400, "embed.model_unknown", { input: "x", model: "text-embedding-3-small" }],
    ["tokens", 400, "body.invalid", { input: [1, 2, 3], model: "e0" }],
    ["both shapes", 400, "body.invalid", { input: "x", inputs: one, model: "e0" }],
    ["an unknown field", 400, "body.unknown_field", { inputs: one, models: ["e0"] }],
  ])("is refused: %s", async (_what, status, code, body) => {
    expect(await a("POST", PATH, body)).toMatchObject({ status, body: { code } });
    expect(await vectorOf(a, SENTENCE)).not.toEqual([]);
  });

  it("is anything without a key that may read, and anything of a user token", async () => {
    const fetch = (request: Request) => local.fetch(request);
    const stranger = createApi({ key: "nx_live_0123456789abcdef_forged", fetch });
    expect(await stranger("POST", PATH, { inputs: one })).toMatchObject({ status: 401 });
    const { body: issued } = await a<{ token: string }>("POST", "/api/tokens", { userId: "u", scopes: ["read"] });
    const user = createApi({ key: issued.token, fetch });
    for (const [method, path, body] of [
      ["POST", PATH, { inputs: one }],
      ["GET", `${PATH}/models`, undefined],
    ] as const) {
      expect(await user(method, path, body)).toMatchObject({ status: 403, body: { code: "auth.scope" } });
    }
  });
});

describe("metrics", () => {
  it("count the time of each model", async () => {
    await vectorOf(a, "a sentence that nobody has embedded before");
    const { body } = await a<string>("GET", "/metrics");
    expect(body).toMatch(/^nexus_embed_seconds_count\{[^}]*model="e0"[^}]*\} [1-9]/m);
  });
});
