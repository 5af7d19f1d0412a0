/** A process that fills a data directory with two users, or erases one of them and may be killed at any of its store calls. */

import { appendFileSync } from "node:fs";
import { createIds, silent, systemClock, systemRandom, type TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { createHashingEmbedder } from "@nexus/embed";
import { createMemory, DEFAULTS } from "@nexus/memory";
import { createSigner } from "@nexus/platform";
import { openStores, type Stores } from "../../functions/local/stores.ts";
import { seeded } from "./random.ts";

const [directory = "", task = "", journal = "", dieAt = "0"] = process.argv.slice(2);
const MEMORIES = 200;
/** Beyond what the record engine once kept in files of its own. */
const LARGE = 9_000;
/** A killed process's job is taken over after this time. */
const jobLeaseMs = 300;

const stores = await openStores({
  dataDir: directory,
  cacheEntries: 1_000,
  cacheMaxBytes: 10_000_000,
  reserveBytes: 8_388_608,
  clock: systemClock,
  telemetry: silent,
  onDamage: () => Promise.reject(new Error("the vector index is damaged")),
});
let calls = 0;
let isArmed = false;

const { memory, background } = createMemory({
  ...stores,
  records: mortal(stores.records),
  vectors: mortal(stores.vectors),
  blobs: mortal(stores.blobs),
  embedder: createHashingEmbedder({ dimension: 256 }),
  clock: systemClock,
  random: systemRandom,
  ids: createIds(systemClock, systemRandom),
  telemetry: silent,
  signers: createSigner([new Uint8Array(32).fill(7)]).verifiers,
  settings: { ...DEFAULTS, jobLeaseMs, sweepMs: 100 },
});
const [scope] = systemScopes("test", ["t"]) as [TenantScope];
const writer = { scope, keyId: "key-1" };

if (task === "fill") await fill();
else await erase();
await background.stop();
await stores.close();
process.exit(0);

/** Each memory has a word of its own, of 16 digits that no compression shortens. */
async function fill(): Promise<void> {
  const random = seeded(7);
  const words = { ana: [] as string[], ben: [] as string[] };
  for (let i = 0; i < MEMORIES; i += 50) {
    for (const userId of ["ana", "ben"] as const) {
      const inputs = Array.from({ length: 50 }, (_, j) => {
        const word = digits(random, 16);
        words[userId].push(word);
        const tail = (i + j) % 40 === 0 ? digits(random, LARGE) : "";
        return { content: `Maria Gonzalez noted ${word} in Lisbon. ${tail}`, userId, metadata: { note: word } };
      });
      const { results } = await memory.remember(writer, inputs);
      if (i > 0) continue;
      const id = results[1]?.id ?? "";
      await memory.patch(writer, id, { content: `Changed, with ${words[userId][1]}.` }, {});
      await memory.rememberLater(writer, [{ ...inputs[0]!, content: `Later: ${words[userId][0]}.` }]);
    }
  }
  while ((await memory.jobs(scope, { limit: 10 })).items.some(({ status }) => status !== "done")) await tick();
  appendFileSync(journal, JSON.stringify(words));
}

async function erase(): Promise<void> {
  const asked = { ...writer, idempotency: { route: "DELETE /api/users/ana", key: "k", bodyHash: "h" } };
  isArmed = true;
  const { id } = await memory.eraseUser(asked, "ana");
  background.start(async () => [scope]);
  for (;;) {
    const { status, result, errorDetail } = await memory.job(scope, id);
    if (status === "done") {
      appendFileSync(journal, JSON.stringify({ calls, result, users: await counts(stores) }));
      return;
    }
    if (status === "failed") throw new Error(errorDetail);
    await tick();
  }
}

async function counts({ records }: Pick<Stores, "records">): Promise<Record<string, number>> {
  const found = { ana: 0, ben: 0 };
  for await (const { table, row } of records.export(scope))
    if (table === "memory" && (row.userId === "ana" || row.userId === "ben")) found[row.userId]++;
  return found;
}

/** Kills the process when the given number of its calls have returned, with nothing told to anybody. */
function mortal<T extends object>(store: T): T {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function" || name === "reader" || name === "list" || name === "export") return method;
      return async (...args: unknown[]) => {
        const value: unknown = await (method as (...given: unknown[]) => unknown).apply(target, args);
        if (isArmed && ++calls === Number(dieAt)) process.kill(process.pid, "SIGKILL");
        return value;
      };
    },
  });
}

function digits(random: () => number, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join("");
}

async function tick(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
