/** A disk that fails under the vector index, at every single call: what was acknowledged is kept, what was refused is not there, and nothing is called damaged. */

import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { NexusError } from "@nexus/core";
import { openDurableIndex } from "@nexus/index/node";
import { afterAll, describe, expect, test } from "vitest";
import { contentsAt, contentsOf, ioError, OWNER as owner, point, TestDisk } from "../support/durable-index.ts";
import { temporaryDirectory } from "../support/server.ts";

const directory = await temporaryDirectory("vector-faults");
afterAll(directory.remove);

const CODES = ["EIO", "ENOSPC"] as const;
const STEPS = 24;

/** Versions that a memory may have after reopening; undefined: not there. The first is what was acknowledged last. */
type Allowed = Map<string, (number | undefined)[]>;

/** Writes, removals, rolls, merges and compactions; says what may be found afterwards and whether anything was refused. */
async function scenario(path: string, disk: TestDisk): Promise<{ allowed: Allowed; refused: number }> {
  const allowed: Allowed = new Map();
  let refused = 0;
  const index = await openDurableIndex({ path, owner, openFile: disk.openFile, rollBytes: 900 });
  for (let step = 0; step < STEPS; step++) {
    const id = `m${(5 * step) % 7}`;
    const isRemoval = step % 5 === 4;
    const version = isRemoval ? undefined : step;
    try {
      await (isRemoval ? index.remove([id]) : index.upsert([point(id, step)]));
      allowed.set(id, [version]);
    } catch (error) {
      expectStoreError(error);
      refused++;
      allowed.set(id, [...(allowed.get(id) ?? [undefined]), version]);
    }
    if (step === 15 || step === STEPS - 1) await index.compact().catch(expectStoreError);
  }
  const now = versions(await contentsOf(index));
  for (const [id, [acknowledged]] of allowed) expect(now.get(id), id).toBe(acknowledged);
  await index.close().catch(expectStoreError);
  return { allowed, refused };
}

function expectStoreError(error: unknown): void {
  expect(error).toBeInstanceOf(NexusError);
  expect(["store.full", "store.unavailable"]).toContain((error as NexusError).code);
}

function versions(contents: Awaited<ReturnType<typeof contentsAt>>): Map<string, number> {
  return new Map(contents.map(({ memoryId, payload }) => [memoryId, payload.version]));
}

describe.each(CODES)("a disk that answers %s", (code) => {
  test(
    "once, at any call: the writer goes on or is told, and after reopening exactly what was acknowledged is there",
    { timeout: 240_000 },
    async () => {
      const whole = new TestDisk();
      await scenario(join(directory.path, `${code}-whole`), whole);
      let refusals = 0;
      for (let nth = 3; nth <= whole.calls; nth++) {
        const path = join(directory.path, `${code}-${nth}`);
        const disk = new TestDisk();
        disk.fault = () => (disk.calls === nth ? ioError(code) : undefined);
        let outcome: Awaited<ReturnType<typeof scenario>>;
        try {
          outcome = await scenario(path, disk);
        } catch (error) {
          // Creating the index failed: there is nothing yet that could be lost.
          expect(error, `call ${nth}`).toMatchObject({ code });
          expect(await contentsAt(path)).toEqual([]);
          continue;
        }
        refusals += outcome.refused;
        const found = versions(await contentsAt(path));
        for (const [id, [acknowledged]] of outcome.allowed)
          expect(found.get(id), `call ${nth}, ${id}`).toBe(acknowledged);
        await rm(path, { recursive: true });
      }
      expect(refusals).toBeGreaterThan(0);
      console.log(`vector index: ${code} once at each of ${whole.calls} calls, ${refusals} writes refused, none lost`);
    },
  );

  test(
    "from any call on for good: what was acknowledged is there after reopening on a good disk",
    { timeout: 240_000 },
    async () => {
      const whole = new TestDisk();
      await scenario(join(directory.path, `${code}-again`), whole);
      for (let nth = 12; nth <= whole.calls; nth += 3) {
        const path = join(directory.path, `${code}-from-${nth}`);
        const disk = new TestDisk();
        disk.fault = () => (disk.calls >= nth ? ioError(code) : undefined);
        const { allowed } = await scenario(path, disk);
        const found = versions(await contentsAt(path));
        for (const [id, those] of allowed) expect(those, `from call ${nth}, ${id}`).toContain(found.get(id));
        await rm(path, { recursive: true });
      }
    },
  );

  test(
    "at any call of an opening: the opening fails without calling anything damaged, and the next finds everything",
    { timeout: 120_000 },
    async () => {
      const path = join(directory.path, `${code}-opening`);
      await scenario(path, new TestDisk());
      const expected = await contentsAt(path);
      const before = await readdir(path);
      for (let nth = 1, ended = false; !ended; nth++) {
        const disk = new TestDisk();
        disk.fault = () => (disk.calls === nth ? ioError(code) : undefined);
        const outcome = await openDurableIndex({ path, owner, openFile: disk.openFile }).catch(
          (error: unknown) => error,
        );
        if (outcome instanceof Error) expect(outcome, `call ${nth}`).toMatchObject({ code });
        else {
          ended = disk.calls < nth;
          await (outcome as Awaited<ReturnType<typeof openDurableIndex>>).close();
        }
        expect(await contentsAt(path)).toEqual(expected);
      }
      expect((await readdir(path)).length).toBeLessThanOrEqual(before.length);
    },
  );
});
