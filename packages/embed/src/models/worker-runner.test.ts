import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { NexusError } from "@nexus/core";
import { afterEach, describe, expect, it } from "vitest";

import { writeOnnx } from "../onnx/write-onnx.ts";
import { createLocalLoader } from "./local-loader.node.ts";
import type { Runner } from "./runner.ts";
import { openWorkerRunner } from "./worker-runner.node.ts";
import { textGraph, TINY_TEXT_FILES, tinyModel, writeModel } from "./tiny-model-fixture.node.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

async function load(worker: boolean, files = TINY_TEXT_FILES): Promise<Runner> {
  const modelsDir = await mkdtemp(join(tmpdir(), "nexus-models-"));
  cleanups.push(() => rm(modelsDir, { recursive: true }));
  await writeModel(modelsDir, "e1", files);
  const runner = await createLocalLoader({ modelsDir, worker }).load(tinyModel("e1"));
  cleanups.push(() => runner.close());
  return runner;
}

const text = (content: string) => ({ modality: "text", content }) as const;

describe("a model in a thread of its own", () => {
  it("gives the vectors and errors of one in this thread", async () => {
    const inputs = [text("cat sat"), text(""), text("nan"), text("a")];
    const [here, there] = [await load(false), await load(true)];
    const plain = async (runner: Runner) =>
      (await runner.run(inputs)).map((outcome) => (outcome instanceof NexusError ? outcome.code : [...outcome.vector]));
    expect(await plain(there)).toEqual(await plain(here));
    expect({ device: there.device, quantization: there.quantization }).toEqual({
      device: here.device,
      quantization: here.quantization,
    });
  });

  it("answers calls that run at the same time each with its own", async () => {
    const runner = await load(true);
    const words = ["cat", "sat", "a", "big", "query"];
    const together = await Promise.all(words.map((word) => runner.run([text(word)])));
    for (const [i, word] of words.entries()) {
      const [alone] = await runner.run([text(word)]);
      expect(together[i]).toEqual([alone]);
      expect(alone).toHaveProperty("vector");
    }
  });

  it("passes the error of a load on", async () => {
    const files = { ...TINY_TEXT_FILES, "onnx/model.onnx": writeOnnx(textGraph()).slice(0, 50) };
    await expect(load(true, files)).rejects.toMatchObject({ code: "embed.load_failed" });
  });

  it("a call that is given up rejects with the reason", async () => {
    const runner = await load(true);
    const inputs = Array.from({ length: 3_000 }, (_, i) => text("cat ".repeat((i % 5) + 1)));
    const abort = new AbortController();
    const work = runner.run(inputs, { signal: abort.signal });
    abort.abort(new Error("gone"));
    await expect(work).rejects.toThrow("gone");
    expect(await runner.run([text("cat")])).toHaveLength(1);
  });

  it("a thread that does not answer a call that was given up is left, so that the model is loaded again", async () => {
    const modelsDir = await mkdtemp(join(tmpdir(), "nexus-models-"));
    cleanups.push(() => rm(modelsDir, { recursive: true }));
    const folder = await writeModel(modelsDir, "e1");
    const runner = await openWorkerRunner(
      {
        model: tinyModel("e1"),
        folder,
        paths: Object.keys(TINY_TEXT_FILES),
        graphs: { model: { path: "onnx/model.onnx", quantization: "fp32" } },
        session: { device: "cpu", runtime: "auto", threads: 1 },
        padding: "dynamic",
        maxBatchTokens: 64,
        bytes: 0,
        weights: "",
      },
      { hungMs: 1 },
    );
    const abort = new AbortController();
    const inputs = Array.from({ length: 10_000 }, () => text("cat sat ".repeat(20)));
    const work = runner.run(inputs, { signal: abort.signal });
    const other = runner.run([text("cat")]);
    expect(runner.lost).toBe(false);
    abort.abort(new Error("gone"));
    await expect(work).rejects.toThrow("gone");
    await expect(other).rejects.toMatchObject({ code: "embed.load_failed" });
    expect(runner.lost).toBe(true);
    await runner.close();
  });

  it("after its end it says so, and calls are errors", async () => {
    const runner = await load(true);
    await runner.close();
    expect(runner.lost).toBe(true);
    await expect(runner.run([text("cat")])).rejects.toMatchObject({ code: "embed.load_failed" });
  });

  it("an input that cannot be sent is an error of that call alone", async () => {
    const runner = await load(true);
    const unsendable = { ...text("cat"), content: (() => "cat") as unknown as string };
    await expect(runner.run([unsendable])).rejects.toThrow(/could not be cloned/);
    expect(await runner.run([text("cat")])).toHaveLength(1);
  });

  it("keeps the bytes of an input that is part of a larger buffer apart", async () => {
    const runner = await load(true);
    const whole = new Uint8Array(1_000);
    const bytes = whole.subarray(10, 20);
    const [outcome] = await runner.run([{ modality: "image", bytes }]);
    expect((outcome as NexusError).code).toBe("embed.unsupported_modality");
    expect(whole.byteLength).toBe(1_000);
  });
});
