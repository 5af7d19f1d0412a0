/** `nexus models` */

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "./cli-fixture.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-cli-models-"));
});
afterEach(() => rm(folder, { recursive: true }));

const models = (...argv: string[]) => run(["models", ...argv, "--data-dir", folder]);

async function source(): Promise<string> {
  const from = join(folder, "minilm");
  await mkdir(join(from, "onnx"), { recursive: true });
  const config = { model_type: "bert", hidden_size: 384, num_hidden_layers: 6 };
  await writeFile(join(from, "config.json"), JSON.stringify(config));
  await writeFile(join(from, "tokenizer.json"), "{}");
  await writeFile(join(from, "onnx", "model_quantized.onnx"), new Uint8Array(2_000_000));
  return from;
}

describe("models", () => {
  it("list shows all thirteen, what they are and which are here", async () => {
    const { code, out } = await models("list");
    expect(code).toBe(0);
    const lines = out.split("\n");
    expect(lines).toHaveLength(13);
    expect(lines[0]).toMatch(/^e0 .* 256 {2}built in .*text code$/);
    expect(lines[1]).toMatch(
      /^e1 {2} *sentence-transformers\/all-MiniLM-L6-v2 +384 {2}not here +Apache-2\.0 +text code$/,
    );
    expect(lines[9]).toContain("CC-BY-NC-4.0");
  });

  it("import finds out which model a folder holds, list shows it, remove takes it away", async () => {
    const { code, out } = await models("import", await source());
    expect({ code, out }).toEqual({
      code: 0,
      out: `Imported e1: 3 files, 2.0 MB, into ${join(folder, "models", "e1")}\nfrom minilm (imported), under Apache-2.0`,
    });
    expect((await models("list")).out).toMatch(/^e1 .*here 2\.0 MB/m);
    expect(await models("remove", "e1")).toMatchObject({ code: 0, out: "Removed e1." });
    expect(await models("remove", "e1")).toMatchObject({ code: 0, out: "e1 was not here." });
  });

  it("--json prints the manifest", async () => {
    const { out } = await models("import", await source(), "--as", "e1", "--json");
    expect(JSON.parse(out)).toMatchObject({ id: "e1", files: [{ path: "config.json" }, {}, {}] });
  });

  it("import under another model's name is refused", async () => {
    const { code, err } = await models("import", await source(), "--as", "e8");
    expect(code).toBe(1);
    expect(err).toMatch(/bert of 6 layers and width 384; e8 .* mpnet .*\(embed\.load_failed\)/);
  });

  it("a model under a licence of no commercial use is pulled once that was accepted", async () => {
    expect((await models("pull", "e9")).err).toMatch(
      /CC-BY-NC-4\.0, not for commercial use.* nexus models accept e9 \(embed\.licence\)/,
    );
    expect((await models("accept", "e9")).out).toContain("CC-BY-NC-4.0 of facebook/contriever-msmarco");
    const licences = JSON.parse(await readFile(join(folder, "models", "licences.json"), "utf8")) as object;
    expect(Object.keys(licences)).toEqual(["e9"]);
    expect((await models("pull", "e9")).err).toContain("optimum-cli export onnx");
  });

  it.each([
    [["pull"], "the id of the model is missing"],
    [["import"], "the folder of the model is missing"],
    [[], "say list, pull, import, remove, accept, vectors or switch"],
    [["list", "x"], "say list, pull, import, remove, accept, vectors or switch"],
    [["pull", "e1", "x"], 'what is "x"?'],
    [["pull", "e1", "--from", "../x"], "--from must be owner/name"],
    [["pull", "e1", "--quantization", "q3"], "--quantization must be one of q8, fp16, fp32, q4, bf16"],
  ])("%j is a mistake in usage", async (argv, message) => {
    expect(await models(...argv)).toMatchObject({ code: 2, err: `nexus: ${message} (usage)\nSee nexus models --help` });
  });

  it.each(["pull", "remove", "accept"])("%s of an unknown model lists those there are", async (action) => {
    const { code, err } = await models(action, "../e1");
    expect({ code, err }).toEqual({
      code: 1,
      err: "nexus: there is no model of that name; there are e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12 (embed.model_unknown)",
    });
  });
});

describe("models pull", () => {
  let host: Server;
  beforeEach(async () => {
    const file = new Uint8Array(3_000).fill(7);
    const etag = createHash("sha256").update(file).digest("hex");
    host = createServer((request, response) => {
      response.writeHead(200, {
        "content-length": file.length,
        "x-linked-etag": `"${etag}"`,
        "x-repo-commit": "c0ffee",
      });
      response.end(request.method === "HEAD" ? undefined : file);
    });
    await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => new Promise<void>((resolve) => host.close(() => resolve())));

  it("fetches from a mirror and says what vouches for the files", async () => {
    const mirror = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
    const { code, out, err } = await models("pull", "e8", "--mirror", mirror);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: `Pulled e8: 5 files, 15.0 kB, into ${join(folder, "models", "e8")}\nfrom ${mirror}/Xenova/all-mpnet-base-v2 (c0ffee), under Apache-2.0`,
      err: "5 files were checked against what the host declares, not against the registry.",
    });
  });
});
