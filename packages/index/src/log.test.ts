import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EVERYTHING, type NexusError, type VectorPoint } from "@nexus/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type DurableIndex, openDurableIndex } from "./durable-index.node.ts";
import { HEADER_BYTES } from "./frame.node.ts";
import type { LogHandle } from "./files.node.ts";

const owner = new Uint8Array(32).fill(7);
let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "nexus-log-"));
  path = join(directory, "log");
});
afterEach(() => rm(directory, { recursive: true }));

describe("log", () => {
  test("what was acknowledged is there after reopening: points of several chunks, texts beyond ASCII, removals", async () => {
    const index = await openDurableIndex({ path, owner });
    await index.upsert([point("a", 0), point("a", 1), point("ü\ud800", 2)]);
    await index.upsert([point("b", 3)]);
    await index.remove(["a", "never there"]);
    await index.close();
    expect(await contents(path)).toEqual(contentsOf(index));
    expect(contentsOf(index).map(({ memoryId }) => memoryId)).toEqual(["b", "ü\ud800"]);
  });

  test("cut at any byte, a log holds exactly a prefix of its history, and can be written to again (tried at every seventh)", async () => {
    const { bytes, ends, states } = await history();
    for (let length = 0; length <= bytes.length; length++) {
      await writeFile(path, bytes.subarray(0, length));
      const index = await openDurableIndex({ path, owner });
      const complete = ends.filter((end) => end <= length).length;
      expect(contentsOf(index), `cut at ${length}`).toEqual(states[complete]);
      if (length % 7 > 0) {
        await index.close();
        continue;
      }
      await index.upsert([point("after", 1)]);
      await index.close();
      const expected = [...states[complete]!.map(({ memoryId }) => memoryId), "after"].sort();
      expect((await contents(path)).map(({ memoryId }) => memoryId).sort()).toEqual(expected);
    }
  });

  test("followed by zeros instead of a torn record, a log holds its history", async () => {
    const { bytes, states } = await history();
    await writeFile(path, Buffer.concat([bytes, Buffer.alloc(100)]));
    expect(await contents(path)).toEqual(states.at(-1));
    expect((await stat(path)).size).toBe(bytes.length);
  });

  test("with a bit of any byte changed, a log is refused as index.corrupt naming the file", async () => {
    const { bytes } = await history();
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1 << (at % 8);
      await writeFile(path, damaged);
      const error = await contents(path).then(
        () => undefined,
        (error: unknown) => error as NexusError,
      );
      expect(error, `byte ${at}`).toMatchObject({ code: "index.corrupt" });
      expect(error!.message).toContain(path);
      expect(await readFile(path)).toEqual(damaged);
    }
  });

  test("another tenant's log and another format version are refused", async () => {
    const index = await openDurableIndex({ path, owner });
    await index.close();
    await expect(openDurableIndex({ path, owner: new Uint8Array(32) })).rejects.toMatchObject({
      code: "index.corrupt",
    });
    const bytes = await readFile(path);
    bytes.writeUInt32LE(2, 8);
    await writeFile(path, bytes);
    await expect(openDurableIndex({ path, owner })).rejects.toThrow(/version/);
  });

  test("a full disk is store.full: nothing is applied, nothing is left in the file, and later writes work", async () => {
    const disk = new SmallDisk();
    const index = await openDurableIndex({ path, owner, openFile: disk.open });
    await index.upsert([point("a", 1)]);
    const before = await readFile(path);
    disk.free = 100;
    await expect(index.upsert([point("b", 2)])).rejects.toMatchObject({ code: "store.full" });
    await expect(index.remove(["a"])).resolves.toBeUndefined();
    await expect(index.upsert([point("c", 3)])).rejects.toMatchObject({ code: "store.full" });
    expect(contentsOf(index)).toEqual([]);
    disk.free = Infinity;
    await index.upsert([point("d", 4)]);
    expect((await readFile(path)).subarray(0, before.length)).toEqual(before);
    await index.close();
    expect(await contents(path)).toEqual(contentsOf(index));
    expect(contentsOf(index)).toHaveLength(1);
  });

  test("a failed append that cannot be taken back ends the log, and what was acknowledged is still there", async () => {
    const disk = new SmallDisk();
    const index = await openDurableIndex({ path, owner, openFile: disk.open });
    await index.upsert([point("a", 1)]);
    disk.free = 100;
    disk.broken = true;
    await expect(index.upsert([point("b", 2)])).rejects.toMatchObject({ code: "store.full" });
    disk.free = Infinity;
    disk.broken = false;
    await expect(index.upsert([point("c", 3)])).rejects.toMatchObject({ code: "store.unavailable" });
    await index.close();
    expect(await contents(path)).toEqual(contentsOf(index));
    expect(contentsOf(index)).toHaveLength(1);
  });

  test("64 concurrent writes share at most 3 syncs and are applied in the order they were made", async () => {
    const disk = new SmallDisk();
    const index = await openDurableIndex({ path, owner, openFile: disk.open });
    disk.syncs = 0;
    await Promise.all(Array.from({ length: 64 }, (_, i) => index.upsert([point("a", i)])));
    expect(disk.syncs).toBeLessThanOrEqual(3);
    expect(contentsOf(index)[0]!.payload.version).toBe(63);
    await index.close();
    expect(await contents(path)).toEqual(contentsOf(index));
  });

  test("of concurrent first writes with two dimensions one is refused and the log stays good", async () => {
    const index = await openDurableIndex({ path, owner });
    const wider = { ...point("b", 1), vectors: { e: new Float32Array(5) } };
    const results = await Promise.allSettled([index.upsert([point("a", 1)]), index.upsert([wider])]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    await index.close();
    expect(await contents(path)).toEqual(contentsOf(index));
  });

  test("a log more than half dead is rewritten while writes go on, and none of them is lost", async () => {
    const index = await openDurableIndex({ path, owner, compactBytes: 4_096 });
    for (let round = 0; round < 40; round++) {
      await Promise.all(Array.from({ length: 20 }, (_, i) => index.upsert([point(`m${i}`, round)])));
      if (round % 4 === 0) await index.remove([`m${round / 4}`]);
    }
    await vi.waitFor(async () => expect(await readdir(directory)).toEqual(["log"]));
    await index.upsert([point("m19", 40)]);
    await index.close();
    expect((await stat(path)).size).toBeLessThan(2 * (HEADER_BYTES + 20 * 330));
    expect(await contents(path)).toEqual(contentsOf(index));
    expect(contentsOf(index)).toHaveLength(20);
    expect(await readdir(directory)).toEqual(["log"]);
  });

  test("a compaction that finds no room leaves the log as it is", async () => {
    const disk = new SmallDisk();
    const index = await openDurableIndex({
      path,
      owner,
      compactBytes: 4_096,
      openFile: (file, ...rest) =>
        file.endsWith(".compacting")
          ? Promise.reject(Object.assign(new Error("no room"), { code: "ENOSPC" }))
          : disk.open(file, ...rest),
    });
    for (let round = 0; round < 60; round++) await index.upsert([point("a", round)]);
    await index.close();
    expect(await contents(path)).toEqual(contentsOf(index));
  });
});

/** A log of six records with the file's length and the index's contents after each. */
async function history() {
  const index = await openDurableIndex({ path, owner });
  const ends: number[] = [];
  const states = [contentsOf(index)];
  const steps = [
    () => index.upsert([point("a", 1)]),
    () => index.upsert([point("b", 2), point("b", 3)]),
    () => index.upsert([point("a", 4)]),
    () => index.remove(["b"]),
    () => index.upsert([point("c", 5)]),
    () => index.remove(["a"]),
  ];
  for (const step of steps) {
    await step();
    ends.push((await stat(path)).size);
    states.push(contentsOf(index));
  }
  await index.close();
  return { bytes: await readFile(path), ends, states };
}

async function contents(path: string) {
  const index = await openDurableIndex({ path, owner });
  await index.close();
  return contentsOf(index);
}

/** Everything that searches can tell of an index. */
function contentsOf(index: DurableIndex) {
  const by = { dense: { name: "e", values: Float32Array.of(1, 2, 3, 4) } };
  const sparse = { ids: Uint32Array.of(1, 4_000_000_000), weights: Float32Array.of(1, 1) };
  const matched = index.search({ by: { sparse }, filter: EVERYTHING, limit: 99 });
  return index
    .search({ by, filter: EVERYTHING, limit: 99, beside: 3 })
    .map((hit) => ({ ...hit, matched: matched.find(({ pointId }) => pointId === hit.pointId)?.matched }))
    .sort((a, b) => (a.pointId < b.pointId ? -1 : 1));
}

function point(id: string, n: number): VectorPoint {
  return {
    pointId: `${id}-${n}`,
    chunkIndex: n,
    vectors: { e: Float32Array.of(n, 0, -1, 0.5) },
    sparse: { ids: Uint32Array.of(1, 4_000_000_000), weights: Float32Array.of(n + 1, 2) },
    payload: {
      id,
      addedSeq: 1,
      version: n,
      userId: "ana",
      sessionId: "s",
      language: "en",
      createdAt: 0,
      recordedAt: 0,
      updatedAt: 0,
      metadata: { n },
    },
  };
}

/** Real files on a disk with so much room left, which counts its syncs. */
class SmallDisk {
  free = Infinity;
  broken = false;
  syncs = 0;

  readonly open = async (path: string, flags: number, mode: number): Promise<LogHandle> => {
    const file = await open(path, flags, mode);
    const write = async (bytes: Uint8Array, offset: number, length: number, position: number) => {
      const written = await file.write(bytes, offset, Math.min(length, this.free), position);
      this.free -= written.bytesWritten;
      if (written.bytesWritten === 0) throw Object.assign(new Error("no room"), { code: "ENOSPC" });
      return written;
    };
    const truncate = async (length: number) => {
      if (this.broken) throw Object.assign(new Error("input/output error"), { code: "EIO" });
      this.free += (await file.stat()).size - length;
      await file.truncate(length);
    };
    const datasync = async () => {
      this.syncs++;
      await file.datasync();
    };
    return {
      write: write as LogHandle["write"],
      truncate,
      datasync,
      read: file.read.bind(file),
      stat: file.stat.bind(file),
      close: file.close.bind(file),
    };
  };
}
