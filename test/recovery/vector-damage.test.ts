/** Damaged files of the vector index: an opening finds exactly what was written, or says which file is damaged. Never anything else. */

import { copyFile, mkdir, open, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NexusError } from "@nexus/core";
import { openDurableIndex } from "@nexus/index/node";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { closed, contentsAt, contentsOf, ioError, OWNER as owner, point, TestDisk } from "../support/durable-index.ts";
import { temporaryDirectory } from "../support/server.ts";

type Contents = Awaited<ReturnType<typeof contentsOf>>;

const directory = await temporaryDirectory("vector-damage");
afterAll(directory.remove);

/** An index at rest: opening it changes nothing. */
interface Specimen {
  readonly path: string;
  readonly files: ReadonlyMap<string, Buffer>;
  /** Length of the last log after each of its records, and the contents then. */
  readonly states: readonly { readonly end: number; readonly contents: Contents }[];
}

/** Keeps merges from taking place, so that closed logs stay what they are. */
const disk = new TestDisk();
disk.fault = (call, file) => (call === "write" && file.includes("segment") ? ioError("ENOSPC") : undefined);
const still = { openFile: disk.openFile };

/** Two segments of which the younger removes from the older, one log that is closed, and one that is written to. */
async function makeSpecimen(path: string): Promise<Specimen> {
  await mkdir(path);
  const first = await openDurableIndex({ path, owner, rollBytes: 2_500 });
  for (let i = 0; i < 9; i++) await first.upsert([point(`old${i}`, i), point(`old${i}`, i + 1)]);
  await untilNames(path, /^log-\d+,manifest,segment-\d+$/);
  await first.remove(["old1", "old2"]);
  await first.compact();
  await first.close();
  const second = await openDurableIndex({ path, owner, rollBytes: 600 });
  await second.remove(["old3"]);
  await second.upsert([point("old4", 40), point("new", 1)]);
  await untilNames(path, /^log-\d+,manifest,segment-\d+,segment-\d+$/);
  await second.close();
  const third = await openDurableIndex({ path, owner, rollBytes: 600, ...still });
  await third.upsert([point("new", 2), point("closed", 1)]);
  await untilNames(path, /^log-\d+,log-\d+,manifest,segment-\d+,segment-\d+$/);
  await third.close();
  const last = await openDurableIndex({ path, owner, ...still });
  const log = join(path, await lastLog(path));
  const states: Specimen["states"][number][] = [];
  const note = async () => states.push({ end: (await readFile(log)).length, contents: await contentsOf(last) });
  await note();
  for (const step of [
    () => last.upsert([point("open", 1)]),
    () => last.remove(["old5"]),
    () => last.upsert([point("old6", 60), point("old6", 61)]),
  ]) {
    await step();
    await note();
  }
  await last.close();
  const names = await readdir(path);
  const files = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(path, name))] as const)),
  );
  return { path, files, states };
}

async function untilNames(path: string, expected: RegExp): Promise<void> {
  await vi.waitFor(async () => expect((await readdir(path)).sort().join()).toMatch(expected), 20_000);
}

async function lastLog(path: string): Promise<string> {
  const numbers = (await readdir(path)).flatMap((name) => /^log-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  return `log-${Math.max(...numbers)}`;
}

let specimen: Specimen;
let active: string;
beforeAll(async () => {
  specimen = await makeSpecimen(join(directory.path, "index"));
  active = await lastLog(specimen.path);
}, 60_000);

/** Opens the specimen and puts back whatever was changed in it. */
async function look(): Promise<Contents | NexusError> {
  try {
    return await contentsAt(specimen.path, still);
  } catch (error) {
    if (error instanceof NexusError) return error;
    throw error;
  }
}

async function restore(): Promise<void> {
  for (const name of await readdir(specimen.path)) {
    if (!specimen.files.has(name)) await rm(join(specimen.path, name));
  }
  for (const [name, bytes] of specimen.files) await writeFile(join(specimen.path, name), bytes);
}

function expectRefusal(seen: Contents | NexusError, name: string, where: string): void {
  expect(seen, where).toBeInstanceOf(NexusError);
  expect(seen, where).toMatchObject({ code: "index.corrupt" });
  expect((seen as NexusError).message, where).toContain(join(specimen.path, name));
}

describe("files of a vector index", () => {
  test("undamaged, they give what was written", async () => {
    expect([...specimen.files.keys()].map((name) => name.replace(/-\d+$/, "")).sort()).toEqual([
      "log",
      "log",
      "manifest",
      "segment",
      "segment",
    ]);
    expect(await look()).toEqual(specimen.states.at(-1)!.contents);
    const { contents } = specimen.states.at(-1)!;
    expect(new Set(contents.map(({ memoryId }) => memoryId))).toEqual(
      new Set(["closed", "new", "old0", "old4", "old6", "old7", "old8", "open"]),
    );
    await restore();
  });

  test(
    "a bit flipped in any byte of any file (in the manifest: any bit) is refused with the file named, unless nothing in that part counts",
    { timeout: 240_000 },
    async () => {
      let cases = 0;
      let harmless = 0;
      for (const [name, bytes] of specimen.files) {
        const handle = await open(join(specimen.path, name), "r+");
        for (let at = 0; at < bytes.length; at++) {
          for (const bit of name === "manifest" ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8]) {
            await handle.write(Buffer.of(bytes[at]! ^ (1 << bit)), 0, 1, at);
            const where = `${name} byte ${at} bit ${bit}`;
            const seen = await look();
            if (seen instanceof NexusError) expectRefusal(seen, name, where);
            else {
              // Numbers of a block of which nothing counts are not read.
              expect(name).toMatch(/^segment/);
              expect(seen, where).toEqual(specimen.states.at(-1)!.contents);
              harmless++;
            }
            cases++;
          }
          await handle.write(bytes, at, 1, at);
        }
        await handle.close();
      }
      expect(harmless).toBeLessThan(32);
      console.log(
        `vector index: ${cases} single flipped bits, ${cases - harmless} refused, ${harmless} in what is not read`,
      );
      expect(await look()).toEqual(specimen.states.at(-1)!.contents);
    },
  );

  test(
    "any file cut at any length is refused with the file named; only the last log may be shorter by what a crash tore off",
    { timeout: 240_000 },
    async () => {
      let cases = 0;
      for (const [name, bytes] of specimen.files) {
        for (let length = bytes.length - 1; length >= 0; length--) {
          await truncate(join(specimen.path, name), length);
          const seen = await look();
          const state = specimen.states.findLast(({ end }) => end <= length);
          if (name === active && state) expect(seen, `${name} cut to ${length}`).toEqual(state.contents);
          else expectRefusal(seen, name, `${name} cut to ${length}`);
          if (name === active) await restore();
          cases++;
        }
        await restore();
      }
      console.log(`vector index: ${cases} cuts, all refused or recovered to the last good state`);
    },
  );

  test("any file missing is refused with the file named", async () => {
    for (const name of specimen.files.keys()) {
      await rm(join(specimen.path, name));
      expectRefusal(await look(), name, name);
      await restore();
    }
  });

  test("a file in another's place is refused with the file named", async () => {
    const names = [...specimen.files.keys()];
    for (const from of names) {
      for (const to of names) {
        if (from === to) continue;
        await copyFile(join(specimen.path, from), join(specimen.path, to));
        expectRefusal(await look(), to, `${from} as ${to}`);
        await restore();
      }
    }
  });

  test(
    "whatever is written over a stretch of a file, an opening finds the exact state of a record or refuses the file",
    { timeout: 120_000 },
    async () => {
      const names = [...specimen.files.keys()];
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...names),
          fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
          fc.uint8Array({ minLength: 1, maxLength: 200 }),
          async (name, share, noise) => {
            const bytes = specimen.files.get(name)!;
            const at = Math.floor(share * bytes.length);
            const damaged = Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at + noise.length)]);
            await writeFile(join(specimen.path, name), damaged);
            const seen = await look();
            await restore();
            if (seen instanceof NexusError) return expectRefusal(seen, name, name);
            expect(specimen.states.map(({ contents }) => contents)).toContainEqual(seen);
            if (name !== active) expect(seen).toEqual(specimen.states.at(-1)!.contents);
          },
        ),
        { numRuns: 400, seed: 42 },
      );
    },
  );

  test("after a refusal the files are as they were", async () => {
    const name = "manifest";
    const damaged = Buffer.from(specimen.files.get(name)!);
    damaged[60]! ^= 4;
    await writeFile(join(specimen.path, name), damaged);
    expectRefusal(await look(), name, name);
    for (const [file, bytes] of specimen.files) {
      expect(await readFile(join(specimen.path, file))).toEqual(file === name ? damaged : bytes);
    }
    await restore();
  });

  test("an index that was opened after a torn tail was cut goes on", async () => {
    await truncate(join(specimen.path, active), specimen.states.at(-1)!.end - 1);
    const index = await openDurableIndex({ path: specimen.path, owner });
    expect(await contentsOf(index)).toEqual(specimen.states.at(-2)!.contents);
    await index.upsert([point("after", 1)]);
    await index.compact();
    const last = await closed(index);
    expect(await contentsAt(specimen.path)).toEqual(last);
    expect(last).toHaveLength(specimen.states.at(-2)!.contents.length + 1);
    await restore();
  });
});
