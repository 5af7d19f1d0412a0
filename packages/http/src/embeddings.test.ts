/** /api/embeddings: what it passes on, answers and refuses. */

import { describe, expect, it } from "vitest";
import { createFixture } from "./app-fixture.ts";
import { e0 } from "./embeddings-fixture.ts";

interface Failed {
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly { readonly path: string }[];
}

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
const text = (content: string) => ({ type: "text", content });
const as = (key: string) => ({ authorization: `Bearer ${key}` });
const embed = (body: unknown, fixture = createFixture()) => fixture.send("POST", "/api/embeddings", body);
const failureOf = async (response: Response) => {
  const { code, errors } = (await response.json()) as Failed;
  return [response.status, code, errors.map(({ path }) => path).join(" ")];
};

describe("POST /api/embeddings", () => {
  it("passes on what is asked with the caller's tenant, and answers in order", async () => {
    const fixture = createFixture();
    const inputs = [
      { type: "text", content: "one", role: "query", instruction: "find it" },
      { type: "code", content: "f()", language: "c" },
    ];
    const response = await embed({ inputs, model: "e0", dimension: 64, truncate: false }, fixture);
    expect(fixture.embedded).toMatchObject([
      {
        inputs: [
          { modality: "text", content: "one", role: "query", instruction: "find it" },
          { modality: "code", content: "f()", language: "c" },
        ],
        model: "e0",
        dimension: 64,
        truncate: false,
        tenant: "t1",
      },
    ]);
    const vector = [...Float32Array.of(0.6, -0.8)];
    const one = { vector, model: "e0", insteadOf: null, cached: false, tokens: 3, truncated: false };
    const result = { embeddings: [one], error: null };
    expect(await response.json()).toEqual({ results: [result, result], skipped: [] });
  });

  it("answers what can be embedded, beside an error for each input that cannot", async () => {
    const fixture = createFixture();
    const image = { type: "image", mediaType: "image/png" };
    const inputs = [
      text(" "),
      { ...image, data: "%" },
      text("one"),
      { ...image, data: PNG },
      { ...image, data: "AAAA" },
      { type: "audio", data: PNG },
    ];
    const response = await embed({ inputs }, fixture);
    expect(response.status).toBe(200);
    const { results } = (await response.json()) as { results: { embeddings: unknown[]; error: Failed | null }[] };
    expect(results.map(({ embeddings, error }) => [embeddings.length, error?.code])).toEqual([
      [0, "embed.input_empty"],
      [0, "embed.input_broken"],
      [1, undefined],
      [0, "embed.unsupported_modality"],
      [0, "embed.input_broken"],
      [0, "embed.input_broken"],
    ]);
    expect(fixture.embedded[0]?.inputs.map(({ modality }) => modality)).toEqual(["text", "image"]);
  });

  it("gives an error in place of a vector that is not finite, and of an outcome that is missing", async () => {
    const of = (...vector: number[]) => ({
      vector: Float32Array.from(vector),
      model: "e0",
      cached: false,
      tokens: 1,
      truncated: false,
    });
    const results = [[of(1, 0)], [of(Number.NaN, 1)], [of(1, 0), of(Number.POSITIVE_INFINITY, 0)]];
    const fixture = createFixture({
      deps: {
        embeddings: {
          embed: () => Promise.resolve({ results, skipped: [] }),
          models: () => Promise.resolve([e0]),
        },
      },
    });
    const response = await embed({ inputs: ["a", "b", "c", "d"].map(text) }, fixture);
    const body = (await response.json()) as { results: { error: Failed | null }[] };
    const lost = "embed.invalid_output";
    expect(body.results.map(({ error }) => error?.code)).toEqual([undefined, lost, lost, lost]);
  });

  it.each([
    [{ inputs: [text("")] }, "embed.input_empty", "inputs.0"],
    [{ inputs: [text(" "), { type: "audio", data: "" }] }, "embed.input_empty", "inputs.0 inputs.1"],
    [{ inputs: [{ type: "image", mediaType: "image/png", data: "a b=" }] }, "embed.input_broken", "inputs.0"],
    [{ inputs: [{ type: "image", mediaType: "image/jpeg", data: PNG }] }, "embed.input_broken", "inputs.0"],
    [{ inputs: [{ type: "image", mediaType: "image/png", data: PNG }] }, "embed.unsupported_modality", "inputs.0"],
    [{ inputs: [{ type: "image", mediaType: "image/gif", data: PNG }] }, "body.invalid", "inputs.0.mediaType"],
    [{ inputs: [text("a".repeat(1_048_577))] }, "embed.input_too_long", "inputs.0"],
    [{ inputs: [text("a")], model: "e99" }, "embed.model_unknown", "model"],
    [{ input: "a", model: "text-embedding-3-small" }, "embed.model_unknown", "model"],
    [{ input: "a", model: "ensemble" }, "body.invalid", "model"],
    [{ input: ["a", ""], model: "e0" }, "embed.input_empty", "input.1"],
    [{ input: [1, 2], model: "e0" }, "body.invalid", "input"],
    [{ input: [[1, 2]], model: "e0" }, "body.invalid", "input"],
    [{ input: 7, model: "e0" }, "body.invalid", "input"],
    [{ input: "a" }, "body.invalid", "model"],
    [{ input: "a", inputs: [text("a")], model: "e0" }, "body.invalid", "input"],
    [{ input: "a", model: "e0", dimension: 64 }, "body.unknown_field", "dimension"],
    [{ inputs: [text("a")], dimensions: 64 }, "body.unknown_field", "dimensions"],
    [{ inputs: [{ ...text("a"), mediaType: "x" }] }, "body.unknown_field", "inputs.0.mediaType"],
    [{ inputs: [{ type: "video", data: "" }] }, "body.invalid", "inputs.0.type"],
    [{ inputs: [] }, "body.invalid", "inputs"],
    [{ inputs: Array.from({ length: 257 }, () => text("a")) }, "body.invalid", "inputs"],
    [{ input: Array.from({ length: 257 }, () => "a"), model: "e0" }, "body.invalid", "input"],
    [{ inputs: [text("a")], dimension: 0 }, "body.invalid", "dimension"],
    [{}, "body.invalid", "inputs"],
    [[], "body.invalid", ""],
  ])("refuses %# with %s at %s", async (body, code, path) => {
    expect(await failureOf(await embed(body))).toEqual([400, code, path]);
  });

  it("refuses a text of 10 MB by its body, before anything is read of it", async () => {
    const fixture = createFixture();
    const response = await embed({ inputs: [text("a".repeat(10_000_000))] }, fixture);
    expect(await failureOf(response)).toEqual([413, "body.too_large", ""]);
    expect(fixture.embedded).toEqual([]);
  });

  it("says which models there are, for one that there is not", async () => {
    const { detail } = (await (await embed({ input: "a", model: "ada" })).json()) as Failed;
    expect(detail).toContain("there are e0, e4, ensemble, fused");
  });

  it("takes keys that may read, and no user token", async () => {
    const fixture = createFixture();
    const send = (headers: Record<string, string>) =>
      fixture.send("POST", "/api/embeddings", { inputs: [text("a")] }, headers);
    const expiresAt = fixture.time.now + 60_000;
    const subject = { userId: "u1" };
    const token = fixture.tokens.issue({ tenant: "t1", subject, grants: ["read"], issuer: "k-admin", expiresAt });
    expect((await send(as("read-key"))).status).toBe(200);
    expect(await failureOf(await send(as(token)))).toEqual([403, "auth.scope", ""]);
    expect(await failureOf(await send({ authorization: "" }))).toEqual([401, "auth.missing", ""]);
    expect(fixture.embedded).toHaveLength(1);
  });

  it("stops for a caller who is gone, and logs no failure", async () => {
    const fixture = createFixture();
    const caller = new AbortController();
    const answer = fixture.app.request("/api/embeddings", {
      method: "POST",
      headers: { ...as("read-key"), "content-type": "application/json" },
      body: JSON.stringify({ inputs: [text("slow")] }),
      signal: caller.signal,
    });
    while (fixture.embedded.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    caller.abort();
    expect((await answer).status).toBe(499);
    expect(fixture.logs.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("is 501 where no models run", async () => {
    const fixture = createFixture({ deps: { embeddings: undefined } });
    expect(await failureOf(await embed({ inputs: [text("a")] }, fixture))).toEqual([501, "internal.unsupported", ""]);
    const models = await fixture.send("GET", "/api/embeddings/models");
    expect(await failureOf(models)).toEqual([501, "internal.unsupported", ""]);
  });
});

describe("POST /api/embeddings in OpenAI's shape", () => {
  it("answers a text or a list of them, with numbers", async () => {
    const fixture = createFixture();
    const list = { input: ["one", "two"], model: "e0", dimensions: 64, encoding_format: "float", user: "u1" };
    const embedding = [...Float32Array.of(0.6, -0.8)];
    expect(await (await embed(list, fixture)).json()).toEqual({
      object: "list",
      data: [0, 1].map((index) => ({ object: "embedding", index, embedding })),
      model: "e0",
      usage: { prompt_tokens: 6, total_tokens: 6 },
    });
    await embed({ input: "one", model: "e0" }, fixture);
    expect(fixture.embedded).toMatchObject([
      { inputs: [{ content: "one" }, { content: "two" }], dimension: 64 },
      { inputs: [{ modality: "text", content: "one" }], tenant: "t1" },
    ]);
  });

  it("packs 32-bit little-endian floats into base64 when asked for", async () => {
    const response = await embed({ input: "one", model: "e0", encoding_format: "base64" });
    const { data } = (await response.json()) as { data: { embedding: string }[] };
    const bytes = Uint8Array.from(atob(data[0]?.embedding ?? ""), (letter) => letter.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    expect([view.getFloat32(0, true), view.getFloat32(4, true), bytes.length]).toEqual([
      Math.fround(0.6),
      Math.fround(-0.8),
      8,
    ]);
  });

  it("says what is wrong where its clients look for it, beside the problem", async () => {
    const problem = (await (await embed({ input: ["a", " "], model: "e0" })).json()) as Failed;
    expect(problem).toMatchObject({
      code: "embed.input_empty",
      status: 400,
      error: { message: problem.detail, type: "invalid_request_error", param: "input.1", code: "embed.input_empty" },
    });
    expect(await (await embed({ inputs: [] })).json()).not.toHaveProperty("error");
  });

  it("fails for a vector of another model than the one that was asked for", async () => {
    const other = { vector: Float32Array.of(1, 0), model: "e0", cached: false, tokens: 1, truncated: false };
    const fixture = createFixture({
      deps: {
        embeddings: {
          embed: () => Promise.resolve({ results: [[{ ...other, insteadOf: "e1" }]], skipped: [] }),
          models: () => Promise.resolve([e0]),
        },
      },
    });
    expect(await failureOf(await embed({ input: "a", model: "e1" }, fixture))).toEqual([
      503,
      "embed.device",
      "input.0",
    ]);
  });
});

describe("GET /api/embeddings/models", () => {
  it("lists all models, and takes no query string", async () => {
    const { send } = createFixture();
    const response = await send("GET", "/api/embeddings/models", undefined, as("read-key"));
    expect(await response.json()).toEqual({
      items: [
        { ...e0, quantization: null },
        {
          id: "e4",
          name: "clip",
          dimension: 2,
          modalities: ["text", "image"],
          licence: "MIT",
          present: false,
          loaded: false,
          device: null,
          quantization: null,
          bytes: null,
        },
      ],
    });
    expect(await failureOf(await send("GET", "/api/embeddings/models?x=1"))).toEqual([400, "body.unknown_field", "x"]);
  });
});
