import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { openDataDirectory } from "./data-directory.node.ts";
import { identityOf } from "./process-identity.node.ts";
import { secretFile } from "./secret-file.node.ts";

const root = await mkdtemp(join(tmpdir(), "nexus-data-"));
afterAll(async () => await rm(root, { recursive: true, force: true }));

const versions = { formats: { records: 1, vectors: 1, blobs: 1 }, createdBy: "memory-nexus 0.1.0" };
let count = 0;
const fresh = (): string => join(root, `${count++}`, ".nexus");

async function withLock(text: string): Promise<string> {
  const directory = fresh();
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "lock"), text);
  return directory;
}

describe("openDataDirectory", () => {
  it("makes the directory for its owner alone, and names the formats in it", async () => {
    const directory = fresh();
    const data = await openDataDirectory({ directory, versions });
    expect(data.directory).toBe(directory);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(JSON.parse(await readFile(join(directory, "format.json"), "utf8"))).toEqual(versions);
    const lock = JSON.parse(await readFile(join(directory, "lock"), "utf8")) as object;
    expect(lock).toEqual(await identityOf(process.pid));
    await data.close();
    await (await openDataDirectory({ directory, versions })).close();
  });

  it("refuses while the owner lives, naming its pid", async () => {
    const directory = fresh();
    const data = await openDataDirectory({ directory, versions });
    const second = openDataDirectory({ directory, versions });
    await expect(second).rejects.toMatchObject({
      code: "store.locked",
      message: expect.stringContaining(`${process.pid}`),
    });
    await data.close();
  });

  it("lets exactly one of 8 openers in, of a new directory and of one with a stale lock", async () => {
    for (const directory of [fresh(), await withLock(JSON.stringify({ pid: 2 ** 22 + 1 }))]) {
      const opened = await Promise.allSettled(
        Array.from({ length: 8 }, () => openDataDirectory({ directory, versions })),
      );
      expect(opened.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    }
  });

  it("takes over from a dead process, an earlier boot, another process with the same pid, and rubbish", async () => {
    const mine = await identityOf(process.pid);
    const child = spawn("true");
    await new Promise((resolve) => child.on("exit", resolve));
    const stale = [
      { ...mine, pid: child.pid },
      { ...mine, bootId: "another boot" },
      { ...mine, startTicks: "1" },
    ].map((owner) => JSON.stringify(owner));
    for (const text of [...stale, "", "{", "null", '{"pid":0}', '{"pid":-1}']) {
      const data = await openDataDirectory({ directory: await withLock(text), versions });
      await data.close();
    }
  });

  it("goes by the pid alone where the lock names no start time and no boot", async () => {
    const directory = await withLock(JSON.stringify({ pid: process.pid }));
    await expect(openDataDirectory({ directory, versions })).rejects.toMatchObject({ code: "store.locked" });
  });

  it("does not release a lock that has become another's", async () => {
    const directory = fresh();
    const data = await openDataDirectory({ directory, versions });
    await writeFile(join(directory, "lock"), "another's");
    await data.close();
    expect(await readFile(join(directory, "lock"), "utf8")).toBe("another's");
  });

  it("stops at a format that it does not know, naming file, seen and expected, and releases the lock", async () => {
    const directory = fresh();
    await (
      await openDataDirectory({ directory, versions: { ...versions, formats: { records: 2, vectors: 1 } } })
    ).close();
    await expect(openDataDirectory({ directory, versions })).rejects.toMatchObject({
      code: "config.version_skew",
      message: expect.stringMatching(/format\.json.*records.*2.*1/),
    });
    await expect(readFile(join(directory, "lock"))).rejects.toMatchObject({ code: "ENOENT" });
    await (
      await openDataDirectory({ directory, versions: { ...versions, formats: { ...versions.formats, records: 2 } } })
    ).close();
    expect(JSON.parse(await readFile(join(directory, "format.json"), "utf8"))).toMatchObject({
      formats: { records: 2, vectors: 1, blobs: 1 },
    });
  });

  it.each(["", "{", "[]", '{"formats":{"records":"1"}}', '{"formats":null}'])(
    "calls the format file %j damaged",
    async (text) => {
      const directory = fresh();
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, "format.json"), text);
      await expect(openDataDirectory({ directory, versions })).rejects.toMatchObject({ code: "store.corrupt" });
    },
  );

  it("names a place that cannot be written", async () => {
    await writeFile(join(root, "file"), "");
    await expect(openDataDirectory({ directory: join(root, "file", ".nexus"), versions })).rejects.toMatchObject({
      code: "store.unavailable",
    });
  });
});

describe("secretFile", () => {
  it("makes 32 random bytes for its owner alone, the same for 8 makers at once and ever after", async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => secretFile(root, "secret")));
    const again = await secretFile(root, "secret");
    expect(again).toHaveLength(32);
    for (const secret of made) expect(secret).toEqual(again);
    expect((await stat(join(root, "secret"))).mode & 0o777).toBe(0o600);
    expect(await secretFile(root, "other")).not.toEqual(again);
  });

  it("refuses a file of another length", async () => {
    await writeFile(join(root, "short"), "x");
    await chmod(join(root, "short"), 0o600);
    await expect(secretFile(root, "short")).rejects.toMatchObject({ code: "config.invalid" });
  });
});
