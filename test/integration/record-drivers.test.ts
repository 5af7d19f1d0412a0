/** Record stores against their contract, and against the loss of their process. */

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { type RecordStore, systemClock } from "@nexus/core";
import { embeddedUrl, openSurrealRecords } from "@nexus/stores/node";
import { afterAll, expect, it } from "vitest";

import { recordStoreContract } from "../contract/record-store.ts";
import { recordTransactionsContract } from "../contract/record-transactions.ts";

const directory = await mkdtemp(join(tmpdir(), "nexus-records-"));
afterAll(async () => await rm(directory, { recursive: true, force: true }));

let count = 0;
/** A new directory each time: the engine opens one only once in a process. */
async function openEmbedded(): Promise<RecordStore> {
  return await openSurrealRecords({ url: embeddedUrl(join(directory, `${count++}`)), clock: systemClock });
}

recordStoreContract("embedded SurrealDB on RocksDB", openEmbedded);
recordTransactionsContract("embedded SurrealDB on RocksDB", openEmbedded);

const CHILD = new URL("../support/record-child.ts", import.meta.url).pathname;

it(
  "keeps every acknowledged write through 3 × kill -9, and tells two processes apart",
  { timeout: 60_000 },
  async () => {
    const url = embeddedUrl(join(directory, "killed"));
    let acknowledged = 0;
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, [CHILD, "write", url], { stdio: ["ignore", "pipe", "inherit"] });
      let lines = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged = Number(line);
        if (++lines >= 150) break;
      }
      if (round === 0) expect(await read(url)).toBe("store.locked");
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGKILL");
      await ended;
      const found = JSON.parse(await read(url)) as {
        seq: number;
        memoryCount: number;
        jobs: number[];
        changes: number;
      };
      console.log(`kill -9 after ${acknowledged} acknowledged writes: ${found.seq} on disk`);
      expect(found.seq).toBeGreaterThanOrEqual(acknowledged);
      expect(found).toEqual({
        seq: found.seq,
        memoryCount: found.seq,
        changes: found.seq,
        jobs: Array.from({ length: found.seq }, (_, i) => i + 1),
      });
    }
  },
);

it("names the failure of a directory that cannot be opened, and does not hang", async () => {
  await expect(openSurrealRecords({ url: embeddedUrl("/proc/none"), clock: systemClock })).rejects.toMatchObject({
    code: "store.unavailable",
  });
  const url = embeddedUrl(join(directory, "twice"));
  const store = await openSurrealRecords({ url, clock: systemClock });
  await expect(openSurrealRecords({ url, clock: systemClock })).rejects.toMatchObject({ code: "store.locked" });
  await store.close();
  await expect(store.tenants()).rejects.toMatchObject({ code: "store.unavailable" });
});

async function read(url: string): Promise<string> {
  const child = spawn(process.execPath, [CHILD, "read", url], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const part of child.stdout) text += String(part);
  return text.trim();
}
