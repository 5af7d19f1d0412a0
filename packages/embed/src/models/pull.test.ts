import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { NexusError } from "@nexus/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { acceptLicence, readManifest } from "./manifest.node.ts";
import { type ModelHost, startModelHost } from "./model-host-fixture.node.ts";
import { removeModel } from "./model-list.node.ts";
import { pullModel, type PullOptions } from "./pull.node.ts";
import { TINY_TEXT_FILES } from "./tiny-model-fixture.node.ts";

const AT = "2026-11-21T00:00:00Z";
const GRAPH = "onnx/model_quantized.onnx";

/** Any bytes will do for a graph here. */
const graph = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31) % 256);
const files: Record<string, Uint8Array> = {
  ...Object.fromEntries(
    Object.entries(TINY_TEXT_FILES).flatMap(([path, content]) =>
      typeof content === "string" ? [[path, new TextEncoder().encode(content)]] : [],
    ),
  ),
  [GRAPH]: graph,
};

let host: ModelHost;
let modelsDir = "";
beforeEach(async () => {
  host = await startModelHost(files);
  modelsDir = await mkdtemp(join(tmpdir(), "nexus-pull-"));
});
afterEach(async () => {
  await host.close();
  await rm(modelsDir, { recursive: true });
});

// E8 has no pinned sums, so what the host declares is what counts.
const pull = (more: Partial<PullOptions> = {}, id = "e8") =>
  pullModel(id, { modelsDir, baseUrl: host.url, at: AT, backoffMs: 1, stallMs: 2_000, ...more });

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (error instanceof NexusError ? error.code : String(error)),
  );
}

const at = (path: string) => join(modelsDir, "e8", path);

describe("pulling a model", () => {
  it("fetches its files, checks what the host declares, and writes the manifest last", async () => {
    const seen: number[] = [];
    const manifest = await pull({ onProgress: ({ received, total }) => seen.push(received / total) });
    expect(manifest).toMatchObject({
      id: "e8",
      revision: "c0ffee",
      source: `${host.url}/Xenova/all-mpnet-base-v2`,
      at: AT,
    });
    expect(manifest.files.map(({ path, checked }) => [path, checked])).toEqual([
      ["config.json", "declared"],
      ["tokenizer.json", "declared"],
      ["tokenizer_config.json", "declared"],
      [GRAPH, "declared"],
    ]);
    expect(new Uint8Array(await readFile(at(GRAPH)))).toEqual(graph);
    expect(await readManifest(join(modelsDir, "e8"))).toEqual(manifest);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    expect((await readdir(modelsDir, { recursive: true })).filter((name) => /part|tmp/.test(name))).toEqual([]);
  });

  it("goes on by range after each cut of the connection", async () => {
    host.faults.cutAfter = 60_000;
    await pull();
    const ranges = host.requests.filter((request) => request.startsWith(`GET ${GRAPH}`));
    expect(ranges.length).toBeGreaterThanOrEqual(4);
    expect(ranges.at(-1)).toMatch(/bytes=\d+-$/);
    expect(new Uint8Array(await readFile(at(GRAPH)))).toEqual(graph);
  });

  it("starts again where the host ignores the range, and never joins two beginnings", async () => {
    host.faults.ignoreRange = true;
    await pull({}, "e8");
    await rm(at("manifest.json"));
    await rm(at(GRAPH));
    await writeFile(`${at(GRAPH)}.part`, graph.subarray(0, 70_000));
    await pull();
    expect(new Uint8Array(await readFile(at(GRAPH)))).toEqual(graph);
  });

  it("a part that is longer than the file is thrown away", async () => {
    await pull();
    await rm(at(GRAPH));
    await writeFile(`${at(GRAPH)}.part`, new Uint8Array(graph.length + 5));
    expect(await codeOf(pull())).toBe("embed.checksum");
    expect(await codeOf(pull())).toBe("no error");
  });

  it("a corrupted file is embed.checksum, and its part is gone", async () => {
    host.faults.corrupt = true;
    expect(await codeOf(pull())).toBe("embed.checksum");
    expect((await readdir(modelsDir, { recursive: true })).filter((name) => name.endsWith(".part"))).toEqual([]);
    expect(await readManifest(join(modelsDir, "e8"))).toBeUndefined();
    host.faults.corrupt = false;
    expect(await codeOf(pull())).toBe("no error");
  });

  it("another file than the registry pins is embed.checksum, whatever the host declares", async () => {
    expect(await codeOf(pull({}, "e1"))).toBe("embed.checksum");
  });

  it.each([404, 403, 401])("a host that answers %i is embed.model_missing", async (status) => {
    host.faults.status = status;
    expect(await codeOf(pull())).toBe("embed.model_missing");
  });

  it("a host that is not there is embed.model_missing", async () => {
    const { url } = host;
    await host.close();
    expect(await codeOf(pull({ baseUrl: url }))).toBe("embed.model_missing");
  });

  it("a host that stalls is given up, one that is slow is not", async () => {
    host.faults.stall = true;
    expect(await codeOf(pull({ stallMs: 20 }))).toBe("embed.model_missing");
    host.faults.stall = false;
    host.faults.slowMs = 1;
    expect(await codeOf(pull({ stallMs: 500 }))).toBe("no error");
  });

  it("without declared sums it is fetched, and the manifest says that nothing vouched for it", async () => {
    host.faults.silent = true;
    const { files: got } = await pull();
    expect(new Set(got.map(({ checked }) => checked))).toEqual(new Set(["none"]));
  });

  it("a part that no sum could be held against is not gone on with", async () => {
    host.faults.silent = true;
    await mkdir(join(modelsDir, "e8", "onnx"), { recursive: true });
    await writeFile(`${at(GRAPH)}.part`, new Uint8Array(70_000));
    await pull();
    expect(new Uint8Array(await readFile(at(GRAPH)))).toEqual(graph);
  });

  it.each([500, 503, 429])(
    "a host that answers %i when asked for sums gets no file taken unchecked",
    async (status) => {
      host.faults.headStatus = status;
      expect(await codeOf(pull())).toBe("embed.model_missing");
      expect(host.requests.filter((request) => request.startsWith("GET"))).toEqual([]);
    },
  );

  it("a second pull of the model at the same time is store.locked, in this process and in another", async () => {
    host.faults.slowMs = 1;
    const first = pull();
    expect(await codeOf(pull())).toBe("store.locked");
    expect(await codeOf(removeModel(modelsDir, "e8"))).toBe("store.locked");
    expect(await first).toMatchObject({ id: "e8" });
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    const lock = join(modelsDir, ".e8.lock");
    await writeFile(lock, String(other.pid));
    expect(await codeOf(pull())).toBe("store.locked");
    const ended = new Promise((resolve) => other.once("exit", resolve));
    other.kill("SIGKILL");
    await ended;
    expect(await codeOf(pull())).toBe("no error");
    expect(await readdir(modelsDir)).toEqual(["e8"]);
  });

  it("a lock of a process that had our number, or of nobody, is taken over", async () => {
    for (const text of [String(process.pid), "", "garbage", "-1"]) {
      await writeFile(join(modelsDir, ".e8.lock"), text);
      expect(await codeOf(pull())).toBe("no error");
    }
  });

  it("a folder that cannot be written is store.unavailable, and the host is not asked for files", async () => {
    await writeFile(join(modelsDir, "file"), "");
    expect(await codeOf(pull({ modelsDir: join(modelsDir, "file") }))).toBe("store.unavailable");
    await writeFile(join(modelsDir, "e8"), "");
    expect(await codeOf(pull())).toBe("store.unavailable");
    await rm(join(modelsDir, "e8"));
    // A folder in the place of the part.
    await mkdir(`${at("config.json")}.part`, { recursive: true });
    expect(await codeOf(pull())).toBe("store.unavailable");
    expect(host.requests.filter((request) => request.startsWith("GET")).length).toBeLessThan(2);
  });

  it.skipIf(!existsSync("/dev/full"))(
    "a full disk is store.full at once, and the host is not asked again",
    async () => {
      await mkdir(join(modelsDir, "e8", "onnx"), { recursive: true });
      await symlink("/dev/full", `${at(GRAPH)}.part`);
      expect(await codeOf(pull())).toBe("store.full");
      expect(host.requests.filter((request) => request.startsWith(`GET ${GRAPH}`))).toHaveLength(1);
      expect(await readManifest(join(modelsDir, "e8"))).toBeUndefined();
    },
  );

  it("what is there and right is not fetched again", async () => {
    await pull();
    host.requests.length = 0;
    await pull();
    expect(host.requests.filter((request) => request.startsWith(`GET ${GRAPH}`))).toEqual([]);
  });

  it.each(["notaurl", "file:///etc", "https://u:geheim@host", "https://host/?token=geheim"])(
    "an address such as %s is config.invalid, and no message repeats it",
    async (baseUrl) => {
      const error: unknown = await pull({ baseUrl }).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: "config.invalid" });
      expect(String(error)).not.toContain("geheim");
    },
  );

  it("a licence for non-commercial use has to be accepted first", async () => {
    expect(await codeOf(pull({}, "e9"))).toBe("embed.licence");
    await acceptLicence(modelsDir, "e9", AT);
    expect(await codeOf(pull({}, "e9"))).toBe("embed.model_missing");
  });

  it("an unknown model and a built-in one have nothing to pull", async () => {
    expect(await codeOf(pull({}, "../../etc"))).toBe("embed.model_unknown");
    expect(await codeOf(pull({}, "e0"))).toBe("embed.model_missing");
  });

  it("an aborted pull keeps its part and goes on from there", async () => {
    host.faults.slowMs = 1;
    const abort = new AbortController();
    const onProgress: PullOptions["onProgress"] = ({ path, received }) => {
      if (path === GRAPH && received > 40_000) abort.abort(new Error("stopped"));
    };
    await expect(pull({ signal: abort.signal, onProgress })).rejects.toThrow("stopped");
    expect((await stat(`${at(GRAPH)}.part`)).size).toBeGreaterThan(1_000);
    host.faults.slowMs = 0;
    host.requests.length = 0;
    await pull();
    expect(host.requests.find((request) => request.startsWith(`GET ${GRAPH}`))).toMatch(/bytes=\d{4,}-$/);
  });

  it("survives kill -9 in the middle: the next pull goes on and the file is right", async () => {
    host.faults.slowMs = 2;
    const script = `import { pullModel } from ${JSON.stringify(new URL("./pull.node.ts", import.meta.url).href)};
      await pullModel("e8", { modelsDir: ${JSON.stringify(modelsDir)}, baseUrl: "${host.url}", at: "${AT}" });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
    const part = `${at(GRAPH)}.part`;
    while (!existsSync(part) || (await stat(part)).size < 10_000)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    expect(await readManifest(join(modelsDir, "e8"))).toBeUndefined();
    host.faults.slowMs = 0;
    host.requests.length = 0;
    await pull();
    expect(host.requests.find((request) => request.startsWith(`GET ${GRAPH}`))).toMatch(/bytes=\d{5,}-$/);
    expect(new Uint8Array(await readFile(at(GRAPH)))).toEqual(graph);
  });
});
