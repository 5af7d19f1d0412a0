/** The real server over real sockets: searches that miss and that hit the cache, beside a Hono route that answers with a constant. */

import { type Bench, type Context, more, type Row } from "../harness/bench.ts";
import { cacheableQueriesOf, queriesOf, USER } from "../harness/corpus.ts";
import { type Loaded, postOf, send } from "../harness/load.ts";
import { latencyRows, type Samples } from "../harness/measure.ts";
import { constantRoute, KEY, type LoadedServer, serverWith } from "../harness/servers.ts";

export const http: Bench = {
  name: "http",
  about: "smart path and cache hits through a real socket with 10,000 memories, hits beside a constant Hono route",
  async run(context) {
    const count = context.size(10_000, 1_000);
    const server = await serverWith(count, context);
    try {
      const rows = [...(await misses(server, count, context)), ...(await hits(server, context))];
      return [...rows, ...(await visible(server, context))];
    } finally {
      await server.remove();
    }
  },
};

/** Distinct queries: each is a miss. One connection, one after another. */
async function misses(server: LoadedServer, count: number, context: Context): Promise<Row[]> {
  const queries = queriesOf(context.size(1_200, 60), 4);
  const warmUp = context.size(200, 10);
  const requests = queries.map((query) => search(server.url, query, "fast"));
  await send(server.url, requests.slice(0, warmUp), 1);
  const { samples } = await send(server.url, requests.slice(warmUp), 1);
  return latencyRows(
    { bench: "http", case: `smart path, distinct queries; ${count} memories, one connection` },
    samples,
  );
}

/** Fifty queries over and over, and the constant route, in turns. */
async function hits(server: LoadedServer, context: Context): Promise<Row[]> {
  const hot = cacheableQueriesOf(50, 9).map((query) => search(server.url, query, "auto"));
  const bytes = await answerBytes(server);
  const constant = await constantRoute(bytes);
  const rounds = context.size(6, 2);
  const perRound = context.size(4_000, 200);
  const ours = Array.from({ length: perRound }, (_, i) => hot[i % hot.length]!);
  const route = Array.from({ length: perRound }, () => postOf({ url: constant.url, path: "/", body: '{"query":"x"}' }));
  const rows: Row[] = [];
  try {
    await send(server.url, ours, 8);
    await send(constant.url, route, 8);
    for (const connections of [1, 64]) {
      const mine: Loaded[] = [];
      const other: Loaded[] = [];
      for (let round = 0; round < rounds; round++) {
        mine.push(await send(server.url, ours, connections));
        other.push(await send(constant.url, route, connections));
      }
      const about = { bench: "http", case: `cache hit, ${bytes} bytes, ${connections} connections` };
      const value = middle(mine.map(({ perSecond }) => perSecond));
      const rivalValue = middle(other.map(({ perSecond }) => perSecond));
      rows.push({
        ...about,
        metric: "requests per second, median of rounds",
        value,
        unit: "1/s",
        ...more(value, { rival: "constant Hono route of the same size", rivalValue }),
      });
      rows.push(...latencyRows(about, together(mine)));
    }
  } finally {
    constant.stop();
  }
  return rows;
}

/** From the answer to a write until another client, which has no token, finds it. */
async function visible({ client, url }: LoadedServer, context: Context): Promise<Row[]> {
  const samples = new Float64Array(context.size(100, 5));
  for (let i = 0; i < samples.length; i++) {
    const word = `zugvogel${i}x`;
    await client.remember({ userId: USER, content: `The password of the day is ${word}` });
    const written = performance.now();
    for (let found = false; !found;) {
      const response = await fetch(`${url}/api/search`, {
        method: "POST",
        headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
        body: JSON.stringify({ userId: USER, query: `password ${word}`, k: 1 }),
      });
      const { results } = (await response.json()) as { results: { memory: string }[] };
      found = results[0]?.memory.includes(word) ?? false;
    }
    samples[i] = performance.now() - written;
  }
  return latencyRows({ bench: "http", case: "write answered to found by another client" }, samples.sort());
}

function search(url: string, query: string, mode: "fast" | "auto"): Buffer {
  return postOf({ url, path: "/api/search", key: KEY, body: JSON.stringify({ userId: USER, query, k: 10, mode }) });
}

async function answerBytes({ url }: LoadedServer): Promise<number> {
  const response = await fetch(`${url}/api/search`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json", "accept-encoding": "identity" },
    body: JSON.stringify({ userId: USER, query: queriesOf(1, 9)[0], k: 10, mode: "auto" }),
  });
  return (await response.arrayBuffer()).byteLength;
}

function middle(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function together(parts: readonly Loaded[]): Samples {
  return Float64Array.from(parts.flatMap(({ samples }) => [...samples])).sort();
}
