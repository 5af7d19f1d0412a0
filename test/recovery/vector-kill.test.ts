/** The vector index is killed while it writes, rolls, merges and compacts, again and again on one folder: nothing acknowledged is lost. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { openDurableIndex } from "@nexus/index/node";
import { afterAll, describe, expect, test } from "vitest";
import { closed, OWNER as owner } from "../support/durable-index.ts";
import { seeded } from "../support/random.ts";
import { temporaryDirectory } from "../support/server.ts";

const ROUNDS = 40;
const LATEST_KILL_MS = 1_500;
const CHILD = new URL("../support/vector-child.ts", import.meta.url).pathname;

const directory = await temporaryDirectory("vector-kill");
afterAll(directory.remove);

/** A memory's version, or that it is not there. */
type State = number | "removed";

interface Writing {
  readonly acknowledged: Map<string, State>;
  /** Begun and not acknowledged when the process was killed. */
  readonly unfinished: Map<string, State>;
  operations: number;
  compactions: number;
}

/** Runs the writers for a while, kills them, and takes in what they said until then. */
async function writeUntilKilled(path: string, serial: number, milliseconds: number, states: Writing): Promise<void> {
  const journal = join(directory.path, "journal");
  const child = spawn(process.execPath, [CHILD, path, journal, String(serial)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.once("data", () => setTimeout(() => child.kill("SIGKILL"), milliseconds));
  await once(child, "close");
  expect(child.signalCode).toBe("SIGKILL");
  for (const line of (await readFile(journal, "utf8")).split("\n")) {
    // A line that was cut off has no end mark: its operation had not begun, or was not acknowledged.
    if (!line.endsWith(".")) continue;
    const [word, id = "", state = ""] = line.slice(0, -1).split(" ");
    if (word === "begin") states.unfinished.set(id, state === "removed" ? "removed" : Number(state));
    if (word === "compacted") states.compactions++;
    if (word !== "end") continue;
    states.acknowledged.set(id, states.unfinished.get(id)!);
    states.unfinished.delete(id);
    states.operations++;
  }
}

describe(`kill -9 at random moments, ${ROUNDS} rounds`, () => {
  test(
    "keeps every acknowledged write and removal, whole, through logs, segments and merges",
    { timeout: 300_000 },
    async () => {
      const path = join(directory.path, "index");
      const random = seeded(42);
      const states: Writing = { acknowledged: new Map(), unfinished: new Map(), operations: 0, compactions: 0 };
      const kinds = new Set<string>();
      for (let round = 0; round < ROUNDS; round++) {
        await writeUntilKilled(path, round * 1_000_000, 20 + random() ** 2 * LATEST_KILL_MS, states);
        for (const name of await readdir(path)) kinds.add(name.replace(/-\d+$/, ""));
        const points = await closed(await openDurableIndex({ path, owner }));
        const versions = new Map<string, Set<number>>();
        for (const { memoryId, payload } of points) {
          versions.set(memoryId, (versions.get(memoryId) ?? new Set()).add(payload.version));
        }
        for (const [id, versionsOfOne] of versions) {
          expect([...versionsOfOne], id).toHaveLength(1);
          expect(
            points.filter(({ memoryId }) => memoryId === id),
            id,
          ).toHaveLength(2);
        }
        for (const id of new Set([...states.acknowledged.keys(), ...states.unfinished.keys(), ...versions.keys()])) {
          const found: State = versions.get(id)?.values().next().value ?? "removed";
          const before = states.acknowledged.get(id) ?? "removed";
          const unfinished = states.unfinished.get(id);
          expect(unfinished === undefined ? [before] : [before, unfinished], `round ${round}, ${id}`).toContain(found);
          states.acknowledged.set(id, found);
        }
        states.unfinished.clear();
      }
      expect([...kinds]).toEqual(expect.arrayContaining(["log", "manifest", "segment"]));
      expect(states.operations).toBeGreaterThan(10 * ROUNDS);
      console.log(
        `vector index, kill -9: ${ROUNDS} rounds, ${states.operations} acknowledged operations, ${states.compactions} compactions, none lost`,
      );
    },
  );
});
