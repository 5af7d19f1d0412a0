/** An erasure is killed at one store call after another and still ends with nothing left: no row, no vector, no byte in any file. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryDirectory } from "../support/server.ts";

/** Store calls that the process lives longer each time. */
const STEP = 3;
const CHILD = new URL("../support/erase-child.ts", import.meta.url).pathname;

const directory = await temporaryDirectory("erase-kill");
const data = join(directory.path, "data");
const journal = join(directory.path, "journal");
afterAll(directory.remove);

interface Ended {
  readonly calls: number;
  readonly result: {
    readonly residue: number;
    readonly stores: Record<string, { readonly deleted: number; readonly remaining: number }>;
  };
  readonly users: { readonly ana: number; readonly ben: number };
}

/** What the child wrote at its end; undefined when it was killed. */
async function run<T>(task: "fill" | "erase", dieAt = 0): Promise<T | undefined> {
  await rm(journal, { force: true });
  const child = spawn(process.execPath, [CHILD, data, task, journal, String(dieAt)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await once(child, "close");
  if (child.signalCode === "SIGKILL") return undefined;
  expect(child.exitCode).toBe(0);
  return JSON.parse(await readFile(journal, "utf8")) as T;
}

/** Of words, those that some file of the data directory holds. */
async function inFiles(words: readonly string[]): Promise<string[]> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, "latin1")));
  return words.filter((word) => texts.some((text) => text.includes(word)));
}

describe(`an erasure killed (-9) after every ${STEP}rd store call`, () => {
  it(
    "goes on at each restart, and ends with residue 0 and none of the user's words in any file",
    { timeout: 300_000 },
    async () => {
      const words = await run<{ ana: string[]; ben: string[] }>("fill");
      expect(words?.ana).toHaveLength(200);
      expect(await inFiles(words!.ana)).toEqual(words!.ana);

      let kills = 0;
      let ended: Ended | undefined;
      while (!ended) {
        ended = await run<Ended>("erase", ++kills * STEP);
      }
      kills--;
      expect(kills).toBeGreaterThanOrEqual(8);
      expect(ended.result.residue).toBe(0);
      expect(ended.result.stores["memory"]).toEqual({ deleted: 201, remaining: 0 });
      expect(ended.result.stores["vectors"]).toEqual({ deleted: 201, remaining: 0 });
      expect(ended.users).toEqual({ ana: 0, ben: 201 });
      expect(await inFiles(words!.ana)).toEqual([]);
      // The search sees through the engine's compression: otherwise its silence would say nothing.
      expect((await inFiles(words!.ben)).length).toBeGreaterThan(0.95 * words!.ben.length);
      console.log(
        `erasure, kill -9: ${kills} kills, ${ended.calls} store calls in the last run, 201 memories and all their files erased, 201 of another user intact`,
      );
    },
  );
});
