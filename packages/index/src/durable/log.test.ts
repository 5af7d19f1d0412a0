import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NexusError } from "@nexus/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  closed,
  contentsAt,
  contentsOf,
  ioError,
  OWNER as owner,
  point,
  TestDisk,
} from "../../../../test/support/durable-index.ts";
import { openDurableIndex } from "./durable-index.node.ts";
import { HEADER_BYTES } from "./frame.node.ts";

let path: string;
let log: string;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "nexus-log-"));
  log = join(path, "log-1");
});
afterEach(() => rm(path, { recursive: true }));

describe("log", () => {
  test("what was acknowledged is there after reopening: points of several chunks, texts beyond ASCII, removals", async () => {
    const index = await openDurableIndex({ path, owner });
    await index.upsert([point("a", 0), point("a", 1), point("ü\ud800", 2)]);
    await index.upsert([point("b", 3)]);
    await index.remove(["a", "never there"]);
    const before = await closed(index);
    expect(await contentsAt(path)).toEqual(before);
    expect(before.map(({ memoryId }) => memoryId)).toEqual(["b", "ü\ud800"]);
  });

  test("cut at any byte, a log holds exactly a prefix of its history (or is refused, where not even its header is left), and can be written to again (tried at every seventh)", async () => {
    const { bytes, ends, states } = await history();
    for (let length = 0; length <= bytes.length; length++) {
      await writeFile(log, bytes.subarray(0, length));
      if (length < HEADER_BYTES) {
        await expect(contentsAt(path)).rejects.toMatchObject({ code: "index.corrupt" });
        continue;
      }
      const index = await openDurableIndex({ path, owner });
      const complete = ends.filter((end) => end <= length).length;
      expect(await contentsOf(index), `cut at ${length}`).toEqual(states[complete]);
      if (length % 7 > 0) {
        await index.close();
        continue;
      }
      await index.upsert([point("after", 1)]);
      await index.close();
      const expected = [...states[complete]!.map(({ memoryId }) => memoryId), "after"].sort();
      expect((await contentsAt(path)).map(({ memoryId }) => memoryId).sort()).toEqual(expected);
    }
  });

  test("followed by zeros instead of a torn record, a log holds its history", async () => {
    const { bytes, states } = await history();
    await writeFile(log, Buffer.concat([bytes, Buffer.alloc(100)]));
    expect(await contentsAt(path)).toEqual(states.at(-1));
    expect((await stat(log)).size).toBe(bytes.length);
  });

  test("with a bit of any byte changed, a log is refused as index.corrupt naming the file", async () => {
    const { bytes } = await history();
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1 << (at % 8);
      await writeFile(log, damaged);
      const error = await contentsAt(path).then(
        () => undefined,
        (error: unknown) => error as NexusError,
      );
      expect(error, `byte ${at}`).toMatchObject({ code: "index.corrupt" });
      expect(error!.message).toContain(log);
      expect(await readFile(log)).toEqual(damaged);
    }
  });

  test("another tenant's log and another format version are refused", async () => {
    const index = await openDurableIndex({ path, owner });
    await index.close();
    await expect(openDurableIndex({ path, owner: new Uint8Array(32) })).rejects.toMatchObject({
      code: "index.corrupt",
    });
    const bytes = await readFile(log);
    bytes.writeUInt32LE(3, 8);
    await writeFile(log, bytes);
    await expect(openDurableIndex({ path, owner })).rejects.toThrow(/version/);
  });

  test("a full disk is store.full: nothing is applied, nothing is left in the file, and later writes work", async () => {
    const disk = new TestDisk();
    const index = await openDurableIndex({ path, owner, openFile: disk.openFile });
    await index.upsert([point("a", 1)]);
    const before = await readFile(log);
    disk.free = 100;
    await expect(index.upsert([point("b", 2)])).rejects.toMatchObject({ code: "store.full" });
    await expect(index.remove(["a"])).resolves.toBeUndefined();
    await expect(index.upsert([point("c", 3)])).rejects.toMatchObject({ code: "store.full" });
    expect(await contentsOf(index)).toEqual([]);
    disk.free = Infinity;
    await index.upsert([point("d", 4)]);
    expect((await readFile(log)).subarray(0, before.length)).toEqual(before);
    const last = await closed(index);
    expect(await contentsAt(path)).toEqual(last);
    expect(last).toHaveLength(1);
  });

  test("a failed append that cannot be taken back ends the log, and what was acknowledged is still there", async () => {
    const disk = new TestDisk();
    const index = await openDurableIndex({ path, owner, openFile: disk.openFile });
    await index.upsert([point("a", 1)]);
    disk.free = 100;
    disk.fault = (call) => (call === "truncate" ? ioError("EIO") : undefined);
    await expect(index.upsert([point("b", 2)])).rejects.toMatchObject({ code: "store.full" });
    disk.free = Infinity;
    disk.fault = () => undefined;
    await expect(index.upsert([point("c", 3)])).rejects.toMatchObject({ code: "store.unavailable" });
    const last = await closed(index);
    expect(await contentsAt(path)).toEqual(last);
    expect(last).toHaveLength(1);
  });

  test("64 concurrent writes share at most 3 syncs and are applied in the order they were made", async () => {
    const disk = new TestDisk();
    const index = await openDurableIndex({ path, owner, openFile: disk.openFile });
    disk.syncs = 0;
    await Promise.all(Array.from({ length: 64 }, (_, i) => index.upsert([point("a", i)])));
    expect(disk.syncs).toBeLessThanOrEqual(3);
    expect((await contentsOf(index))[0]!.payload.version).toBe(63);
    const last = await closed(index);
    expect(await contentsAt(path)).toEqual(last);
  });

  test("of concurrent first writes with two dimensions one is refused and the log stays good", async () => {
    const index = await openDurableIndex({ path, owner });
    const wider = { ...point("b", 1), vectors: { e: new Float32Array(5) } };
    const results = await Promise.allSettled([index.upsert([point("a", 1)]), index.upsert([wider])]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    const last = await closed(index);
    expect(await contentsAt(path)).toEqual(last);
  });
});

/** A log of six records with the file's length and the index's contents after each. */
async function history() {
  const index = await openDurableIndex({ path, owner });
  const ends: number[] = [];
  const states = [await contentsOf(index)];
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
    ends.push((await stat(log)).size);
    states.push(await contentsOf(index));
  }
  await index.close();
  return { bytes: await readFile(log), ends, states };
}
