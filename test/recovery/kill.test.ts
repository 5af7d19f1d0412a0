/** Nothing acknowledged is lost: the server is killed while many clients write, again and again on one data directory. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { createApi, listAll, type Api, type RememberAnswer, type SearchAnswer } from "../support/api.ts";
import { seeded } from "../support/random.ts";
import { startServer, temporaryDirectory, TEST_KEY } from "../support/server.ts";
import type { PartitionReport } from "../support/sequences.ts";

const ROUNDS = 20;
const CLIENTS = 16;
const MEMORIES = 2_000;
const USERS = 4;
const LATEST_KILL_MS = 400;

/** One request of a client, and what became of it. */
interface Write {
  readonly userId: string;
  readonly key: string;
  readonly contents: readonly string[];
  /** One item names the id of another memory: all of the batch must be refused. */
  readonly poisoned: boolean;
  outcome: "acknowledged" | "refused" | "unknown";
  ids: readonly string[];
}

const directory = await temporaryDirectory("kill");
afterAll(directory.remove);

describe(`kill -9 at random moments, ${ROUNDS} rounds, ${CLIENTS} clients`, () => {
  const random = seeded(42);
  const start = () => startServer(directory.path, { NEXUS_SWEEP_MS: "200" });
  const writes: Write[] = [];
  let serial = 0;

  it(
    `keeps all of ≥ ${MEMORIES} acknowledged memories, each once, and none of a refused batch`,
    { timeout: 300_000 },
    async () => {
      let rounds = 0;
      let server = await start();
      for (; rounds < ROUNDS || count(writes, "acknowledged") < MEMORIES; rounds++) {
        const api = createApi({ url: server.url, key: TEST_KEY });
        const round: Write[] = [];
        const clients = Array.from({ length: CLIENTS }, (_, client) => writeUntilCut(api, client, round));
        await new Promise((resolve) => setTimeout(resolve, 50 + random() * LATEST_KILL_MS));
        await server.kill();
        await Promise.all(clients);
        writes.push(...round);
        expect((await sequences(directory.path)).filter(({ dense }) => !dense)).toEqual([]);
        server = await start();
        const after = createApi({ url: server.url, key: TEST_KEY });
        await settleUnknown(after, round);
        await expectFound(after, round);
      }

      const api = createApi({ url: server.url, key: TEST_KEY });
      await expectFound(api, writes);
      const stored = (await listAll(api)).map(({ content }) => content).sort();
      expect(stored).toEqual(contents(writes, "acknowledged").sort());
      await server.stop();
      const report = await sequences(directory.path);
      console.log(
        `kill -9: ${rounds} rounds, ${stored.length} acknowledged memories all there once, ${contents(writes, "refused").length} of refused batches absent, ` +
          `sequences dense in ${report.length} partitions (highest ${Math.max(...report.map(({ seq }) => seq))})`,
      );
    },
  );

  /** Single memories, batches, and now and then a batch that must fail; ends when the connection does. */
  async function writeUntilCut(api: Api, client: number, into: Write[]): Promise<void> {
    const first = into.length === 0 ? undefined : into.find(({ outcome }) => outcome === "acknowledged");
    let taken: string | undefined = first?.ids[0];
    for (let turn = 0; ; turn++) {
      const size = turn % 3 === 0 ? 1 : 1 + Math.floor(random() * 8);
      const poisoned = taken !== undefined && turn % 3 === 2;
      const write: Write = {
        userId: `user-${client % USERS}`,
        key: `write-${serial}`,
        contents: Array.from({ length: size }, () => `note ${++serial} of client ${client} about token${serial}x`),
        poisoned,
        outcome: "unknown",
        ids: [],
      };
      into.push(write);
      try {
        await send(api, write, poisoned ? taken : undefined);
      } catch {
        return;
      }
      taken ??= write.ids[0];
    }
  }
});

/** Sends a write and notes its outcome. rejects  when the connection is cut, which leaves the outcome unknown */
async function send(api: Api, write: Write, taken?: string): Promise<void> {
  const memories = write.contents.map((content) => ({ content, userId: write.userId }));
  const conflicting = { id: taken, content: `conflict of ${write.key}`, userId: write.userId };
  const body = { memories: taken === undefined ? memories : [...memories, conflicting] };
  const answer = await api<RememberAnswer>("POST", "/api/memories", body, { "idempotency-key": write.key });
  if (answer.status === 201) {
    write.outcome = "acknowledged";
    write.ids = answer.body.results.map(({ id }) => id);
  } else if (answer.status === 409) write.outcome = "refused";
  else throw new Error(`unexpected answer ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** Writes whose answer was lost are sent again under their idempotency key, as a client would; poisoned ones must simply be absent. */
async function settleUnknown(api: Api, writes: readonly Write[]): Promise<void> {
  for (const write of writes) {
    if (write.outcome !== "unknown") continue;
    if (write.poisoned) write.outcome = "refused";
    else await send(api, write);
  }
}

/** Every acknowledged memory by its id and by its one rare word; nothing of a refused write. */
async function expectFound(api: Api, writes: readonly Write[]): Promise<void> {
  const problems: string[] = [];
  await inParallel(writes, async ({ userId, contents, outcome, ids }) => {
    for (const [i, content] of contents.entries()) {
      const query = /token\d+x/.exec(content)?.[0] ?? "";
      const { body } = await api<SearchAnswer>("POST", "/api/search", { query, userId, k: 5, budgetMs: 10_000 });
      const hits = body.results.filter(({ memory }) => memory === content);
      if (hits.length !== (outcome === "acknowledged" ? 1 : 0))
        problems.push(`${outcome}, found ${hits.length} times: ${content}`);
      if (outcome !== "acknowledged") continue;
      const { status } = await api("GET", `/api/memories/${ids[i]}`);
      if (status !== 200 || hits[0]?.id !== ids[i]) problems.push(`id of ${content}: ${status}`);
    }
  });
  expect(problems).toEqual([]);
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
    }),
  );
}

async function sequences(path: string): Promise<PartitionReport[]> {
  const script = new URL("../support/sequences.ts", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, path], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as PartitionReport[];
}

function contents(writes: readonly Write[], outcome: Write["outcome"]): string[] {
  return writes.filter((write) => write.outcome === outcome).flatMap((write) => [...write.contents]);
}

function count(writes: readonly Write[], outcome: Write["outcome"]): number {
  return contents(writes, outcome).length;
}
