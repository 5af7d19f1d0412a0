import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { NexusError } from "@nexus/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { describeModel } from "../registry/registry.ts";
import { importModel } from "./import.node.ts";
import { createLocalLoader } from "./local-loader.node.ts";
import { acceptLicence, modelFile, readManifest } from "./manifest.node.ts";
import { listModels, removeModel } from "./model-list.node.ts";
import { TINY_TEXT_FILES, tinyModel, writeModel } from "./tiny-model-fixture.node.ts";

const AT = "2026-11-21T00:00:00Z";
const bert = (layers: number, hidden: number) =>
  JSON.stringify({ model_type: "bert", hidden_size: hidden, num_hidden_layers: layers });
const MINILM: Readonly<Record<string, string | Uint8Array>> = { ...TINY_TEXT_FILES, "config.json": bert(6, 384) };

let folder = "";
let modelsDir = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-import-"));
  modelsDir = join(folder, "models");
});
afterEach(() => rm(folder, { recursive: true }));

async function source(files: Readonly<Record<string, string | Uint8Array | undefined>>): Promise<string> {
  const from = join(folder, "from");
  for (const [path, content] of Object.entries(files)) {
    if (content === undefined) continue;
    await mkdir(dirname(join(from, path)), { recursive: true });
    await writeFile(join(from, path), content);
  }
  return from;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (error instanceof NexusError ? error.code : String(error)),
  );
}

describe("importing a model's folder", () => {
  it("finds out which model it is, copies what a runner reads and writes the manifest last", async () => {
    const from = await source({ ...MINILM, "pytorch_model.bin": "weights", ".git/config": "x", "README.md": "x" });
    const manifest = await importModel(from, { modelsDir, at: AT });
    expect(manifest).toMatchObject({ id: "e1", source: "from", revision: "imported", at: AT });
    const paths = ["config.json", "onnx/model.onnx", "tokenizer.json", "tokenizer_config.json"];
    expect(manifest.files.map(({ path }) => path)).toEqual(paths);
    expect(await readManifest(join(modelsDir, "e1"))).toEqual(manifest);
    expect(await readdir(modelsDir)).toEqual(["e1"]);
    const listed = await listModels(modelsDir);
    expect(listed.filter(({ manifest: found }) => found).map(({ id }) => id)).toEqual(["e1"]);
  });

  it.each([
    ["another architecture", { ...MINILM, "config.json": bert(12, 768) }, "e1", "embed.load_failed"],
    ["one of several models", { ...MINILM, "config.json": bert(12, 768) }, undefined, "embed.model_unknown"],
    ["no model of the registry", { ...MINILM, "config.json": bert(3, 5) }, undefined, "embed.model_unknown"],
    ["an unknown name", MINILM, "../e1", "embed.model_unknown"],
    ["no graph", { ...MINILM, "onnx/model.onnx": undefined }, "e1", "embed.model_missing"],
    ["no tokenizer", { ...MINILM, "tokenizer.json": undefined }, "e1", "embed.tokenizer"],
    ["no config", { ...MINILM, "config.json": undefined }, "e1", "embed.model_missing"],
    ["a config that is no object", { ...MINILM, "config.json": "null" }, undefined, "embed.load_failed"],
    ["the built-in model", MINILM, "e0", "embed.model_unknown"],
    ["a config that is no JSON", { ...MINILM, "config.json": "{" }, "e1", "embed.load_failed"],
    ["a licence nobody accepted", { ...MINILM, "config.json": bert(12, 768) }, "e9", "embed.licence"],
  ])("%s is refused and leaves nothing", async (_, files, id, code) => {
    const from = await source(files);
    expect(await codeOf(importModel(from, { modelsDir, id, at: AT }))).toBe(code);
    expect(await readdir(modelsDir).catch(() => [])).toEqual([]);
  });

  it("a folder that is not there is embed.model_missing", async () => {
    expect(await codeOf(importModel(join(folder, "nowhere"), { modelsDir, at: AT }))).toBe("embed.model_missing");
  });

  it("an accepted licence is noted with its time", async () => {
    await acceptLicence(modelsDir, "e9", AT);
    const from = await source({ ...MINILM, "config.json": bert(12, 768) });
    expect(await importModel(from, { modelsDir, id: "e9", at: AT })).toMatchObject({ licenceAccepted: AT });
  });

  it("a second import takes the place of the first, and removing takes it away", async () => {
    const from = await source(MINILM);
    await importModel(from, { modelsDir, at: AT });
    await importModel(from, { modelsDir, at: "2026-11-22T00:00:00Z" });
    expect((await readManifest(join(modelsDir, "e1")))?.at).toBe("2026-11-22T00:00:00Z");
    expect(await removeModel(modelsDir, "e1")).toBe(true);
    expect(await removeModel(modelsDir, "e1")).toBe(false);
    expect(await readdir(modelsDir)).toEqual([]);
  });

  it("takes graphs and their weights from beside the settings, where exporters put them", async () => {
    const { "onnx/model.onnx": graph, ...settings } = MINILM;
    const from = await source({
      ...settings,
      "model.onnx": graph,
      "model.onnx.data": "weights",
      "model.onnx_data_1": "x",
    });
    const { files } = await importModel(from, { modelsDir, at: AT });
    expect(files.map(({ path }) => path).filter((path) => path.startsWith("onnx/"))).toEqual([
      "onnx/model.onnx",
      "onnx/model.onnx.data",
      "onnx/model.onnx_data_1",
    ]);
    expect(await readFile(join(modelsDir, "e1", "onnx", "model.onnx.data"), "utf8")).toBe("weights");
  });

  it("a graph in onnx/ wins over one of the same name beside the settings", async () => {
    const from = await source({ ...MINILM, "model.onnx": "another" });
    await importModel(from, { modelsDir, at: AT });
    const taken = await readFile(join(modelsDir, "e1", "onnx", "model.onnx"));
    expect(new Uint8Array(taken)).toEqual(MINILM["onnx/model.onnx"]);
  });

  it("a models folder that cannot be written is store.unavailable", async () => {
    const from = await source(MINILM);
    await writeFile(join(folder, "file"), "");
    expect(await codeOf(importModel(from, { modelsDir: join(folder, "file"), at: AT }))).toBe("store.unavailable");
  });

  it("no name leads out of the models folder", () => {
    for (const path of ["../x", "/etc/passwd", "onnx/../../x", "a\\b", "C:x", "a\0b"]) {
      expect(() => modelFile("/models/e1", path), path).toThrow(NexusError);
    }
    expect(modelFile("/models/e1", "onnx/model.onnx")).toBe("/models/e1/onnx/model.onnx");
  });
});

describe("the files at a load", () => {
  const load = async () => {
    const loader = createLocalLoader({ modelsDir, worker: false });
    return { loader, again: () => loader.load(tinyModel("e1")).then((runner) => runner.close()) };
  };

  it("another size or another content is embed.checksum", async () => {
    const path = join(await writeModel(modelsDir, "e1"), "onnx/model.onnx");
    const good = TINY_TEXT_FILES["onnx/model.onnx"] as Uint8Array;
    await writeFile(path, good.slice(0, -1));
    const { again } = await load();
    expect(await codeOf(again())).toBe("embed.checksum");
    await writeFile(
      path,
      good.map((byte, i) => (i === 100 ? byte ^ 1 : byte)),
    );
    expect(await codeOf(again())).toBe("embed.checksum");
    await writeFile(path, good);
    expect(await codeOf(again())).toBe("no error");
  });

  it("a file that is exchanged while the process runs is noticed at the next load", async () => {
    const path = join(await writeModel(modelsDir, "e1"), "tokenizer.json");
    const { again } = await load();
    expect(await codeOf(again())).toBe("no error");
    const text = String(TINY_TEXT_FILES["tokenizer.json"]).replace('"cat"', '"dog"');
    await writeFile(path, text);
    await utimes(path, new Date(0), new Date(0));
    expect(await codeOf(again())).toBe("embed.checksum");
  });

  it("a folder without a manifest is no model", async () => {
    await rm(join(await writeModel(modelsDir, "e1"), "manifest.json"));
    const { loader, again } = await load();
    expect(await codeOf(again())).toBe("embed.model_missing");
    expect(await loader.files(describeModel("e1"))).toEqual({ present: false });
  });

  it("a manifest that is no JSON is embed.checksum", async () => {
    await writeFile(join(await writeModel(modelsDir, "e1"), "manifest.json"), "{");
    expect(await codeOf((await load()).again())).toBe("embed.checksum");
  });

  it.each([
    "null",
    "[]",
    "{}",
    '{"files":[null]}',
    '{"id":"e1","source":"x","revision":"y","files":[{"path":1}]}',
    '""',
  ])("a manifest that is %s is embed.checksum, and stops no list of the others", async (text) => {
    await writeFile(join(await writeModel(modelsDir, "e1"), "manifest.json"), text);
    await writeModel(modelsDir, "e8");
    const { loader, again } = await load();
    expect(await codeOf(again())).toBe("embed.checksum");
    expect(await loader.files(describeModel("e1"))).toEqual({ present: false });
    expect((await listModels(modelsDir)).filter(({ manifest }) => manifest).map(({ id }) => id)).toEqual(["e8"]);
  });

  it.each(["null", "7", "[]", "{"])("licences that are %s accept nothing", async (text) => {
    await writeModel(modelsDir, "e9");
    await writeFile(join(modelsDir, "licences.json"), text);
    const loader = createLocalLoader({ modelsDir, worker: false });
    expect(await codeOf(loader.load(tinyModel("e9")))).toBe("embed.licence");
    expect(await loader.files(describeModel("e9"))).toEqual({ present: false });
  });

  it.each(["config.json", "tokenizer_config.json", "sentence_bert_config.json"])(
    "a %s that is no object is embed.load_failed",
    async (path) => {
      await writeModel(modelsDir, "e1", { ...TINY_TEXT_FILES, [path]: "null" });
      expect(await codeOf((await load()).again())).toBe("embed.load_failed");
    },
  );

  it("a licence nobody accepted is embed.licence, whatever lies in the folder", async () => {
    await writeModel(modelsDir, "e9");
    const loader = createLocalLoader({ modelsDir, worker: false });
    expect(await codeOf(loader.load(tinyModel("e9")))).toBe("embed.licence");
  });
});
