/** What goes wrong on a machine: ports, locks, damaged files, a full disk. Each ends in a clear error or in recovery, never in silence. */

import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  type Api,
  createApi,
  listAll,
  type ListAnswer,
  type RememberAnswer,
  type SearchAnswer,
} from "../support/api.ts";
import { spawnServer, startServer, temporaryDirectory, TEST_KEY } from "../support/server.ts";

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

async function newDirectory(name: string): Promise<string> {
  const { path, remove } = await temporaryDirectory(name);
  cleanups.push(remove);
  return path;
}

/** Runs a server that is expected not to come up. */
async function refusal(
  directory: string,
  env: Record<string, string> = {},
): Promise<{ code: number | null; errors: string }> {
  const child = spawnServer(directory, env);
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, errors };
}

/** Whether this process may mount file systems: asked by doing it. */
async function mayMount(): Promise<boolean> {
  const directory = await newDirectory("mount");
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", directory]).status !== 0) return false;
  return spawnSync("umount", [directory]).status === 0;
}

async function fill(api: Api, count: number, from = 0): Promise<void> {
  const memories = Array.from({ length: count }, (_, i) => ({
    userId: "u",
    content: `entry marker${from + i}x of the log`,
    externalId: `e-${from + i}`,
  }));
  for (let i = 0; i < count; i += 100) {
    expect((await api("POST", "/api/memories", { memories: memories.slice(i, i + 100) })).status).toBe(201);
  }
}

async function expectAllFound(api: Api, count: number): Promise<void> {
  const missing: number[] = [];
  for (let i = 0; i < count; i++) {
    const { body } = await api<SearchAnswer>("POST", "/api/search", {
      query: `marker${i}x`,
      userId: "u",
      k: 3,
      budgetMs: 5_000,
    });
    if (!body.results.some(({ memory }) => memory.includes(`marker${i}x`))) missing.push(i);
  }
  expect(missing).toEqual([]);
}

async function rebuilt(api: Api): Promise<void> {
  await expect
    .poll(
      async () =>
        (await api<{ items: { kind: string; status: string }[] }>("GET", "/api/jobs")).body.items
          .filter(({ kind }) => kind === "rebuild")
          .map(({ status }) => status),
      { timeout: 15_000 },
    )
    .toEqual(["done"]);
}

describe("starting", () => {
  it("on a port in use ends with 1 and says which port", async () => {
    const server = await startServer(await newDirectory("port"));
    const { port } = new URL(server.url);
    const { code, errors } = await refusal(await newDirectory("port"), { PORT: port });
    expect({ code, errors }).toMatchObject({
      code: 1,
      errors: expect.stringContaining(`port ${port} is in use`) as string,
    });
    await server.stop();
  });

  it("on a data directory that another process holds ends with 1 and store.locked, and the holder goes on", async () => {
    const directory = await newDirectory("locked");
    const server = await startServer(directory);
    const { code, errors } = await refusal(directory);
    expect(code).toBe(1);
    expect(errors).toContain("store.locked");
    expect(errors).toContain(String(server.child.pid));
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });

  it("with bad settings ends with 1 and names all of them", async () => {
    const { code, errors } = await refusal(await newDirectory("config"), {
      PORT: "http",
      NEXUS_LOG_LEVEL: "loud",
      NEXUS_RECORDS_URL: "",
    });
    expect(code).toBe(1);
    expect(errors).toContain("PORT");
    expect(errors).toContain("NEXUS_LOG_LEVEL");
    const urls = await refusal(await newDirectory("config"), { NEXUS_RECORDS_URL: "wss://example.invalid" });
    expect(urls).toMatchObject({ code: 1, errors: expect.stringContaining("NEXUS_RECORDS_URL") as string });
  });

  it("off loopback without keys ends with 1 and says what to set", async () => {
    const { code, errors } = await refusal(await newDirectory("open"), { HOST: "0.0.0.0", NEXUS_API_KEYS: "" });
    expect({ code, errors }).toMatchObject({ code: 1, errors: expect.stringContaining("NEXUS_API_KEYS") as string });
  });

  it("on data of a newer format ends with 1 and config.version_skew", async () => {
    const directory = await newDirectory("skew");
    await (await startServer(directory)).stop();
    const path = join(directory, "format.json");
    const format = JSON.parse(await readFile(path, "utf8")) as { formats: Record<string, number> };
    await writeFile(path, JSON.stringify({ ...format, formats: { ...format.formats, records: 999 } }));
    const { code, errors } = await refusal(directory);
    expect({ code, errors }).toMatchObject({
      code: 1,
      errors: expect.stringContaining("config.version_skew") as string,
    });
  });

  it("on a damaged record store ends with 1 and store.corrupt", async () => {
    const directory = await newDirectory("records");
    const server = await startServer(directory);
    await fill(createApi({ url: server.url, key: TEST_KEY }), 100);
    await server.stop();
    for (const name of await readdir(join(directory, "records"))) {
      if (/^(MANIFEST|CURRENT)/.test(name)) await writeFile(join(directory, "records", name), "garbage");
    }
    const { code, errors } = await refusal(directory);
    expect({ code, errors }).toMatchObject({ code: 1, errors: expect.stringContaining("store.corrupt") as string });
  });
});

describe("a vector index that is", () => {
  const COUNT = 300;
  const damage: Record<string, (file: string) => Promise<void>> = {
    "damaged in the middle": async (file) => {
      const handle = await open(file, "r+");
      await handle.write(Buffer.from([0xff, 0x00, 0xff, 0x00]), 0, 4, Math.floor((await handle.stat()).size / 2));
      await handle.close();
    },
    "cut short": async (file) => await truncate(file, Math.floor((await stat(file)).size / 3)),
    deleted: async (file) => await rm(file),
  };

  for (const [name, harm] of Object.entries(damage)) {
    it(
      `${name} is rebuilt from the records, and all ${COUNT} memories are found again`,
      { timeout: 60_000 },
      async () => {
        const directory = await newDirectory("index");
        const first = await startServer(directory);
        await fill(createApi({ url: first.url, key: TEST_KEY }), COUNT);
        await first.stop();
        const files = await readdir(join(directory, "vectors"), { recursive: true, withFileTypes: true });
        for (const file of files) if (file.isFile()) await harm(join(file.parentPath, file.name));
        const second = await startServer(directory, { NEXUS_SWEEP_MS: "200" });
        const api = createApi({ url: second.url, key: TEST_KEY });
        await rebuilt(api);
        await expectAllFound(api, COUNT);
        await second.stop();
      },
    );
  }
});

const canMount = await mayMount();

describe.skipIf(!canMount)("a full disk (a small tmpfs of its own; skipped where mounting is not allowed)", () => {
  it(
    "answers 507 with nothing half-written, keeps what was acknowledged, and writes again once there is room",
    { timeout: 120_000 },
    async () => {
      const mount = await newDirectory("full");
      const data = join(mount, "data");
      spawnSync("mount", ["-t", "tmpfs", "-o", "size=72m", "tmpfs", mount]);
      cleanups.unshift(async () => void spawnSync("umount", ["-l", mount]));
      await mkdir(data);
      const env = { NEXUS_SWEEP_MS: "200", NEXUS_DISK_RESERVE_BYTES: "16777216" };
      const server = await startServer(data, env);
      const api = createApi({ url: server.url, key: TEST_KEY });
      const ballast = join(mount, "ballast");
      await fill(api, 100);
      await writeFile(ballast, Buffer.alloc(1));
      const acknowledged: string[] = [];
      const statuses = new Set<number>();
      for (let i = 0; i < 400 && !statuses.has(507); i++) {
        const content = `${"heavy text ".repeat(9_000)} weight${i}x`;
        const { status, body } = await api<RememberAnswer>("POST", "/api/memories", { userId: "w", content });
        statuses.add(status);
        if (status === 201) acknowledged.push(body.results[0]?.id ?? "");
      }
      expect(statuses).toEqual(new Set([201, 507]));
      const listed = await listAll(api, { userId: "w" });
      expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(acknowledged));
      await server.kill();
      spawnSync("mount", ["-o", "remount,size=256m", mount]);
      const again = await startServer(data, env);
      const after = createApi({ url: again.url, key: TEST_KEY });
      expect((await listAll(after, { userId: "w" })).map(({ id }) => id).sort()).toEqual([...acknowledged].sort());
      expect((await after("POST", "/api/memories", { userId: "w", content: "room again" })).status).toBe(201);
      await expectAllFound(after, 100);
      await again.stop();
    },
  );
});

describe("stopping", () => {
  it("answers what is in hand, ends with 0, and removes lock and address", async () => {
    const directory = await newDirectory("stop");
    const server = await startServer(directory);
    const api = createApi({ url: server.url, key: TEST_KEY });
    const inHand = Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        api<RememberAnswer>("POST", "/api/memories", { userId: "s", content: `last words ${i}` }).catch(
          () => undefined,
        ),
      ),
    );
    const code = await server.stop();
    const answers = await inHand;
    expect(code).toBe(0);
    const left = await readdir(directory);
    expect(left).not.toContain("lock");
    expect(left).not.toContain("server.json");
    const again = await startServer(directory);
    const { body } = await createApi({ url: again.url, key: TEST_KEY })<ListAnswer>("POST", "/api/memories/query", {
      userId: "s",
      limit: 200,
    });
    const acknowledged = answers.flatMap((answer) => (answer?.status === 201 ? [answer.body.results[0]?.id] : []));
    expect(acknowledged.filter((id) => !body.items.some((item) => item.id === id))).toEqual([]);
    await again.stop();
  });
});
