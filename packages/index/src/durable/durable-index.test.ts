import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  closed,
  contentsAt,
  contentsOf,
  ioError,
  OWNER as owner,
  point,
  TestDisk,
} from "../../../../test/support/durable-index.ts";
import { type DurableIndex, type DurableIndexOptions, openDurableIndex } from "./durable-index.node.ts";
import { HEADER_BYTES } from "./frame.node.ts";

let path: string;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "nexus-index-"));
});
afterEach(() => rm(path, { recursive: true }));

const open = (options: Partial<DurableIndexOptions> = {}): Promise<DurableIndex> =>
  openDurableIndex({ path, owner, ...options });

const kinds = async (): Promise<string[]> => (await readdir(path)).map((name) => name.replace(/-\d+$/, "")).sort();

/** Waits until all old logs have become segments. */
const settled = (): Promise<void> =>
  vi.waitFor(async () => expect((await kinds()).filter((kind) => kind === "log")).toHaveLength(1), 10_000);

describe("durable index", () => {
  test("logs that have grown become segments while writes go on, and none of them is lost", async () => {
    const index = await open({ rollBytes: 4_096 });
    for (let round = 0; round < 40; round++) {
      await Promise.all(Array.from({ length: 20 }, (_, i) => index.upsert([point(`m${i}`, round)])));
      if (round % 4 === 0) await index.remove([`m${round / 4}`]);
    }
    await settled();
    expect(await kinds()).toContain("segment");
    await index.upsert([point("m19", 40)]);
    await index.remove(["m18"]);
    const last = await closed(index);
    expect(last).toHaveLength(19);
    expect(await contentsAt(path)).toEqual(last);
  });

  test("a removal holds for versions in older segments, through merges and reopenings", async () => {
    const index = await open({ rollBytes: 1 });
    await index.upsert([point("a", 1), point("a", 2)]);
    await index.upsert([point("b", 1)]);
    await settled();
    await index.remove(["a"]);
    await index.upsert([point("c", 1)]);
    await settled();
    await index.upsert([point("b", 3)]);
    await settled();
    const last = await closed(index);
    expect(last.map(({ pointId }) => pointId)).toEqual(["b-3", "c-1"]);
    expect(await contentsAt(path)).toEqual(last);
    expect(await contentsAt(path, { rollBytes: 1 })).toEqual(last);
  });

  test("a segment of which more than half is dead is written anew without it", async () => {
    const index = await open({ rollBytes: 20_000 });
    const sizeOf = async (): Promise<number> => {
      const names = (await readdir(path)).filter((name) => name.startsWith("segment"));
      const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size));
      return sizes.reduce((sum, size) => sum + size, 0);
    };
    await index.upsert(Array.from({ length: 200 }, (_, i) => point(`m${i}`, 1)));
    await vi.waitFor(async () => expect(await sizeOf()).toBeGreaterThan(0), 10_000);
    await settled();
    const before = await sizeOf();
    await index.remove(Array.from({ length: 150 }, (_, i) => `m${i}`));
    for (let i = 0; i < 100; i++) await index.upsert([point("n", i)]);
    await vi.waitFor(async () => expect(await sizeOf()).toBeLessThan(before / 2), 10_000);
    await settled();
    const last = await closed(index);
    expect(last).toHaveLength(51);
    expect(await contentsAt(path)).toEqual(last);
  });

  test("a vector may come back in another dimension once nothing has the old one, whatever old files hold", async () => {
    const index = await open({ rollBytes: 1 });
    await index.upsert([point("a", 1)]);
    await settled();
    await index.remove(["a"]);
    await index.upsert([{ ...point("b", 1), vectors: { e: new Float32Array(7).fill(1) } }]);
    await index.close();
    const again = await open();
    const query = { by: { dense: { name: "e", values: new Float32Array(7).fill(1) } }, filter: { all: [] }, limit: 9 };
    expect((await again.search(query)).map(({ memoryId }) => memoryId)).toEqual(["b"]);
    await again.compact();
    await again.close();
    const last = await open();
    expect((await last.search(query)).map(({ memoryId }) => memoryId)).toEqual(["b"]);
    await last.close();
  });

  test("after compact no file holds a byte of what was removed or replaced, and writes go on during it", async () => {
    const index = await open({ rollBytes: 2_000 });
    for (let i = 0; i < 30; i++) await index.upsert([point(`m${i}`, 1)]);
    await index.remove(["m3", "m29"]);
    await index.upsert([{ ...point("m7", 2), payload: { ...point("m7", 2).payload, metadata: { now: "other" } } }]);
    const compacting = index.compact();
    for (let i = 30; i < 40; i++) await index.upsert([point(`m${i}`, 1)]);
    await compacting;
    await index.compact();
    expect(await kinds()).toEqual(["log", "manifest", "segment"]);
    const files = await Promise.all((await readdir(path)).map((name) => readFile(join(path, name), "latin1")));
    const all = files.join("");
    for (const gone of ['text of m3"', "text of m29", 'text of m7"', "m3-1", "m29-1"]) expect(all).not.toContain(gone);
    expect(all).toContain("text of m8");
    const last = await closed(index);
    expect(last).toHaveLength(38);
    expect(await contentsAt(path)).toEqual(last);
  });

  test("compacting an index of which nothing is left leaves no segment; one that is tight already stays as it is", async () => {
    const index = await open();
    await index.upsert([point("a", 1)]);
    await index.remove(["a"]);
    await index.compact();
    expect(await kinds()).toEqual(["log", "manifest"]);
    await index.upsert([point("b", 1)]);
    await index.compact();
    const names = await readdir(path);
    await index.compact();
    expect(await readdir(path)).toEqual(names);
    await index.close();
  });

  test("merges that find no room leave everything as it is, are reported, and are made up for later", async () => {
    const disk = new TestDisk();
    const notices: string[] = [];
    disk.fault = (_, file) => (file.includes("segment") ? ioError("ENOSPC") : undefined);
    const index = await open({ rollBytes: 4_096, openFile: disk.openFile, onNotice: (text) => notices.push(text) });
    for (let round = 0; round < 60; round++) await index.upsert([point(`m${round % 7}`, round)]);
    await expect(index.compact()).rejects.toMatchObject({ code: "store.full" });
    expect(notices.join()).toContain("ENOSPC");
    const last = await closed(index);
    expect(await contentsAt(path)).toEqual(last);
    const again = await open();
    await settled();
    expect(await kinds()).toEqual(["log", "manifest", "segment"]);
    expect(await closed(again)).toEqual(last);
  });

  test("with sync at intervals writes are acknowledged before they are on disk, and are on it soon and at closing", async () => {
    const disk = new TestDisk();
    const index = await open({ openFile: disk.openFile, sync: "interval", syncMs: 5 });
    disk.syncs = 0;
    for (let i = 0; i < 50; i++) await index.upsert([point(`m${i}`, 1)]);
    expect(disk.syncs).toBeLessThan(50);
    await vi.waitFor(() => expect(disk.syncs).toBeGreaterThan(0), 10_000);
    const last = await closed(index);
    expect(await contentsAt(path)).toEqual(last);
    expect(last).toHaveLength(50);
  });

  test("with sync at intervals a sync that fails ends the log: later writes are refused until it is opened again", async () => {
    const disk = new TestDisk();
    const index = await open({ openFile: disk.openFile, sync: "interval", syncMs: 1 });
    disk.fault = (call) => (call === "datasync" ? ioError("EIO") : undefined);
    await index.upsert([point("a", 1)]);
    await vi.waitFor(
      () => expect(index.upsert([point("b", 1)])).rejects.toMatchObject({ code: "store.unavailable" }),
      10_000,
    );
    await expect(index.close()).rejects.toMatchObject({ code: "store.unavailable" });
  });

  test("what a crash left beside the files of the manifest is removed at opening; strangers stay", async () => {
    const index = await open();
    await index.upsert([point("a", 1)]);
    const last = await closed(index);
    for (const name of ["log-9", "segment-7", "graph-3", "manifest.new", "notes.txt"]) {
      await writeFile(join(path, name), "left behind");
    }
    expect(await contentsAt(path)).toEqual(last);
    expect((await readdir(path)).sort()).toEqual(["log-1", "manifest", "notes.txt"]);
  });

  test("a crash while the index is created leaves something that is created anew", async () => {
    await writeFile(join(path, "log-1"), Buffer.alloc(HEADER_BYTES - 5));
    await writeFile(join(path, "manifest.new"), "");
    expect(await contentsAt(path)).toEqual([]);
    expect((await readdir(path)).sort()).toEqual(["log-1", "manifest"]);
  });

  test("a file in the folder's place, as version 1 had it, is index.corrupt naming it", async () => {
    const file = join(path, "old.vectors");
    await writeFile(file, "NXVECLOG");
    await expect(openDurableIndex({ path: file, owner })).rejects.toMatchObject({
      code: "index.corrupt",
      message: expect.stringContaining(file) as string,
    });
  });

  test("close waits for searches and writes under way, and refuses what comes after", async () => {
    const index = await open();
    const writing = index.upsert([point("a", 1)]);
    const looking = contentsOf(index);
    const closing = index.close();
    await Promise.all([writing, closing, looking.catch(() => undefined)]);
    await expect(contentsOf(index)).rejects.toMatchObject({ code: "store.unavailable" });
    await expect(index.upsert([point("b", 1)])).rejects.toMatchObject({ code: "store.unavailable" });
    expect(await contentsAt(path)).toHaveLength(1);
  });
});
