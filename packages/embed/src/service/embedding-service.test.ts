import { type Embedding, type EmbedInput, type EmbedResult, NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { BROKEN, DIMENSION, expectedVector } from "../batching/runner-fixture.ts";
import type { RunOptions } from "../models/runner.ts";
import { openService, text, told } from "./service-fixture.ts";

const ILL = new NexusError("embed.load_failed", "[test] ill");
const tenant = "a";

const vectorsOf = ({ results }: EmbedResult): unknown[] =>
  results.map((result) => ("code" in result ? result.code : result.map(({ vector }) => [...vector])));

describe("embedding service, by one model", () => {
  it("gives each input the model's vector, equal inputs one run, and the second time the cached one", async () => {
    const { service, runners } = openService(["e1"]);
    const inputs = ["one", "two", "one", "three"].map((content) => text(content));
    const first = await service.embed({ inputs, model: "e1", tenant });
    const expected = await Promise.all(
      ["one", "two", "one", "three"].map(async (c) => [[...(await expectedVector(c))]]),
    );
    expect(vectorsOf(first)).toEqual(expected);
    expect(runners.get("e1")!.runs.flat().toSorted()).toEqual(["one", "three", "two"]);
    const second = await service.embed({ inputs, model: "e1", tenant });
    expect(vectorsOf(second)).toEqual(expected);
    expect(second.results.map(told)).toEqual(inputs.map(() => ["e1 cached"]));
    expect(runners.get("e1")!.runs.flat()).toHaveLength(3);
  });

  it("keeps tenants, roles, instructions and models apart in the cache", async () => {
    const { service } = openService(["e1", "e2"]);
    const asked = [
      { tenant: "a", model: "e1", inputs: [text("same", "passage")] },
      { tenant: "b", model: "e1", inputs: [text("same", "passage")] },
      { tenant: "a", model: "e1", inputs: [text("same", "query")] },
      { tenant: "a", model: "e1", inputs: [{ modality: "text", content: "same", instruction: "x" } as const] },
      { tenant: "a", model: "e2", inputs: [text("same", "passage")] },
    ];
    for (const request of asked) expect(told((await service.embed(request)).results[0])).toEqual([request.model]);
    for (const request of asked)
      expect(told((await service.embed(request)).results[0])).toEqual([`${request.model} cached`]);
  });

  it("takes no cached vector of other weights, once the files were exchanged and the model is loaded again", async () => {
    const { service, runners, time } = openService(["e1"]);
    const request = { inputs: [text("x"), text("y")], model: "e1", tenant };
    Object.assign(runners.get("e1")!, { weights: "one" });
    await service.embed(request);
    expect((await service.embed(request)).results.map(told)).toEqual([["e1 cached"], ["e1 cached"]]);
    const before = (await service.embedder("e1")).describe().model;
    Object.assign(runners.get("e1")!, { weights: "two" });
    expect((await service.embedder("e1")).describe().model).not.toBe(before);
    await time.advance(5_000);
    expect((await service.embed(request)).results.map(told)).toEqual([["e1"], ["e1"]]);
    Object.assign(runners.get("e1")!, { weights: "one" });
    expect((await service.embedder("e1")).describe().model).toBe(before);
    expect((await service.embed(request)).results.map(told)).toEqual([["e1 cached"], ["e1 cached"]]);
  });

  it("a model that was asked for before its files came is told by them afterwards", async () => {
    const { service, runners } = openService(["e1"]);
    const [, runner] = [...runners].find(([id]) => id === "e1")!;
    const here = runners as Map<string, typeof runner>;
    here.delete("e1");
    await expect(service.embed({ inputs: [text("x")], model: "e1", tenant })).rejects.toThrow("not here");
    here.set("e1", runner);
    expect((await service.embedder("e1")).describe().model).toContain("@q8");
  });

  it("caches under the precision that the model turned out to have", async () => {
    const { service, runners } = openService(["e1"]);
    Object.assign(runners.get("e1")!, { quantization: "fp16" });
    const request = { inputs: [text("x")], model: "e1", tenant };
    expect(told((await service.embed(request)).results[0])).toEqual(["e1"]);
    expect(told((await service.embed(request)).results[0])).toEqual(["e1 cached"]);
    expect((await service.embedder("e1")).describe().model).toContain("@fp16");
  });

  it("answers the other inputs where one is empty, broken or of a kind the model does not read", async () => {
    const { service } = openService(["e1"]);
    const inputs = [
      text(" \n"),
      text(`${BROKEN} file`),
      { modality: "image", bytes: new Uint8Array(3) } as const,
      text("fine"),
    ];
    const { results } = await service.embed({ inputs, model: "e1", tenant });
    expect(results.map(told)).toEqual([
      "embed.input_empty",
      "embed.input_broken",
      "embed.unsupported_modality",
      ["e1"],
    ]);
  });

  it("throws the first error where no input came through, and for an unknown model", async () => {
    const { service } = openService(["e1"]);
    const empty = service.embed({ inputs: [text("")], model: "e1", tenant });
    await expect(empty).rejects.toMatchObject({ code: "embed.input_empty" });
    for (const blank of [" \n\t", "\0", "\u200B\uFEFF", "\uD800", "\u0007\u00AD"])
      await expect(
        service.embed({ inputs: [text(blank)], model: "e1", tenant }),
        JSON.stringify(blank),
      ).rejects.toThrow("is empty");
    const unknown = service.embed({ inputs: [text("x")], model: "e99", tenant });
    await expect(unknown).rejects.toMatchObject({ code: "embed.model_unknown" });
    const missing = service.embed({ inputs: [text("x")], model: "e2", tenant });
    await expect(missing).rejects.toMatchObject({ code: "embed.model_missing" });
  });

  it("fails fast by a named model that is ill, and lets another answer only where the request allows it", async () => {
    const { service, failLoads } = openService(["e3"]);
    failLoads(ILL);
    const request = { inputs: [text("x")], model: "e3", tenant };
    await expect(service.embed(request)).rejects.toMatchObject({ code: "embed.load_failed" });
    const { results, skipped } = await service.embed({ ...request, alternative: true });
    expect(results.map(told)).toEqual([["e0 for e3"]]);
    expect(skipped[0]).toEqual({ model: "e3", code: "embed.load_failed" });
  });

  it("gives a renormalised prefix where the model was trained for it, and body.invalid elsewhere", async () => {
    const { service } = openService(["e1"], { change: { prefixes: { e0: [16] } } });
    const { results } = await service.embed({ inputs: [text("x")], model: "e0", dimension: 16, tenant });
    const [{ vector }] = results[0] as readonly [Embedding];
    expect(vector).toHaveLength(16);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    const wrong = service.embed({ inputs: [text("x")], model: "e1", dimension: 16, tenant });
    await expect(wrong).rejects.toMatchObject({ code: "body.invalid" });
  });

  it("leaves as soon as its signal aborts", async () => {
    const { service, runners } = openService(["e1"]);
    runners.get("e1")!.before = () => new Promise(() => {});
    const controller = new AbortController();
    const asked = service.embed({ inputs: [text("x")], tenant, signal: controller.signal });
    setTimeout(() => controller.abort());
    await expect(asked).rejects.toThrow("abort");
  });
});

describe("embedding service, by several models", () => {
  it("gives every model's vector that is here and reads the input, and names those that failed", async () => {
    const { service, runners } = openService(["e1", "e4", "e6"]);
    runners.get("e6")!.before = () => {
      throw ILL;
    };
    const { results, skipped } = await service.embed({
      inputs: [text("x"), { modality: "code", content: "let x" }],
      model: "ensemble",
      tenant,
    });
    expect(results.map(told)).toEqual([
      ["e0", "e1", "e4"],
      ["e0", "e1"],
    ]);
    expect(skipped).toEqual([{ model: "e6", code: "embed.load_failed" }]);
  });

  it("fuses the vectors of the members that answered, with the rest masked and named", async () => {
    const seen: string[][] = [];
    const fusion = {
      models: ["e0", "e1", "e2"],
      shape: { output: 4, prefixes: [2] },
      fuse(vectors: ReadonlyMap<string, Float32Array>) {
        seen.push([...vectors.keys()]);
        return { vector: Float32Array.from([0.6, 0, 0.8, 0]) };
      },
    };
    const { service } = openService(["e1", "e3"], { fusion });
    const whole = await service.embed({ inputs: [text("x")], model: "fused", tenant });
    expect(seen).toEqual([["e0", "e1"]]);
    expect(whole.skipped).toEqual([{ model: "e2", code: "embed.model_missing" }]);
    expect(whole.results.map(told)).toEqual([["fused"]]);
    const prefix = await service.embed({ inputs: [text("x")], model: "fused", dimension: 2, tenant });
    expect((prefix.results[0] as readonly Embedding[])[0]!.vector).toEqual(Float32Array.from([1, 0]));
  });

  it("answers embed.not_trained where there is no fusion", async () => {
    const { service } = openService(["e1"]);
    const asked = service.embed({ inputs: [text("x")], model: "fused", tenant });
    await expect(asked).rejects.toMatchObject({ code: "embed.not_trained" });
  });

  it("takes the best model that is here for each kind of input", async () => {
    const { service } = openService(["e1", "e4"]);
    const { results } = await service.embed({
      inputs: [
        text("x"),
        { modality: "image", bytes: new Uint8Array(3) },
        { modality: "audio", bytes: new Uint8Array(3) },
      ],
      tenant,
    });
    expect(results.map(told)).toEqual([["e1"], ["e4"], "embed.model_missing"]);
  });
});

describe("one model as an embedder", () => {
  it("gives unit vectors in order, zero for what has nothing to embed, and never another model's", async () => {
    const { service, failLoads } = openService(["e1"]);
    const embedder = await service.embedder("e1", { role: "query", tenant });
    const vectors = await embedder.embed(["one", " ", "two"]);
    expect(vectors).toEqual([await expectedVector("one"), new Float32Array(DIMENSION), await expectedVector("two")]);
    expect(embedder.describe()).toMatchObject({ name: "e1", dimension: DIMENSION });
    expect(embedder.describe().model).toContain("@q8");
    failLoads(ILL);
    const other = await openService([]).service.embedder("e2");
    await expect(other.embed(["x"])).rejects.toMatchObject({ code: "embed.model_missing" });
    await expect(embedder.embed(["x"], { signal: AbortSignal.abort() })).rejects.toThrow("abort");
  });

  it("embeds each call's texts for what it names them, queries before the passages that wait", async () => {
    const { service, runners } = openService(["e1"]);
    const runner = runners.get("e1")!;
    const roles: (string | undefined)[] = [];
    const inner = { ...runner };
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    runner.before = () => held;
    Object.assign(runner, {
      run: (inputs: readonly EmbedInput[], options?: RunOptions) => {
        for (const input of inputs) roles.push("role" in input ? input.role : undefined);
        return inner.run(inputs, options);
      },
    });
    const embedder = await service.embedder("e1");
    const first = embedder.embed(["the first passage"]);
    await expect.poll(() => runner.runs).toHaveLength(1);
    const later = embedder.embed(["a passage"], { role: "passage" });
    const asked = embedder.embed(["a question"], { role: "query" });
    release();
    await Promise.all([first, later, asked]);
    expect(runner.runs).toEqual([["the first passage"], ["a question"], ["a passage"]]);
    expect(roles).toEqual(["passage", "query", "passage"]);
  });
});
