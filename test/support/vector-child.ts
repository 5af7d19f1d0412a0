/** `<folder> <journal> <first serial>`: writes to a vector index until killed. The journal gets a line before each operation, and one once it was acknowledged. */

import { openSync, writeSync } from "node:fs";
import { openDurableIndex } from "@nexus/index/node";
import { OWNER, point } from "./durable-index.ts";

const [, , path = "", journal = "", first = "0"] = process.argv;
const WRITERS = 8;
const MEMORIES = 150;

const index = await openDurableIndex({ path, owner: OWNER, rollBytes: 16_000 });
const file = openSync(journal, "w");
let serial = Number(first);
process.stdout.write("ready");

/** A write to a file is done when it returns, also for a process that is killed right after. */
function say(line: string): void {
  writeSync(file, `${line}.\n`);
}

/** Its own memories, one operation at a time, so that what it left unfinished is one operation at most. */
async function write(writer: number): Promise<never> {
  for (;;) {
    const version = serial++;
    const id = `w${writer}-${version % MEMORIES}`;
    const isRemoval = version % 4 === 3;
    say(`begin ${id} ${isRemoval ? "removed" : version}`);
    await (isRemoval
      ? index.remove([id])
      : index.upsert([point(id, version), { ...point(id, version), pointId: `${id}-b` }]));
    say(`end ${id}`);
  }
}

async function compact(): Promise<never> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    await index.compact();
    say("compacted");
  }
}

await Promise.all([...Array.from({ length: WRITERS }, (_, writer) => write(writer)), compact()]);
