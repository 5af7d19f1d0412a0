/** Starting the real server on a directory that holds 10,000 memories, and what it takes up in memory. */

import { createClient } from "@nexus/client";
import { startServer } from "../../support/server.ts";
import type { Bench, Row } from "../harness/bench.ts";
import { queriesOf, USER } from "../harness/corpus.ts";
import { latencyRows } from "../harness/measure.ts";
import { KEY, residentBytes, SERVER_ENV, serverWith } from "../harness/servers.ts";

export const start: Bench = {
  name: "start",
  about:
    "functions/local/main.ts from spawn to /health and to the first answer, and its resident bytes, 10,000 memories on disk",
  async run(context) {
    const count = context.size(10_000, 1_000);
    const empty = await serverWith(0, context);
    const emptyBytes = empty.resident();
    await empty.remove();
    const loaded = await serverWith(count, context);
    const loadedBytes = loaded.resident();
    await loaded.stop();
    const times = { health: new Float64Array(context.size(7, 2)), answer: new Float64Array(context.size(7, 2)) };
    let restartedBytes = 0;
    for (let i = 0; i < times.health.length; i++) {
      const spawned = performance.now();
      const server = await startServer(loaded.directory, SERVER_ENV);
      const client = createClient({ url: server.url, key: KEY });
      await client.health();
      times.health[i] = performance.now() - spawned;
      await client.search({ userId: USER, query: queriesOf(1)[0] ?? "" });
      times.answer[i] = performance.now() - spawned;
      restartedBytes = residentBytes(server.child.pid ?? 0);
      await server.stop();
    }
    await loaded.remove();
    const about = (name: string) => ({ bench: "start", case: `${name}, ${count} memories on disk` });
    const memory = (name: string, bytes: number): Row => ({
      ...about(name),
      metric: "resident bytes more than with none, per memory",
      value: (bytes - emptyBytes) / count,
      unit: "B",
      residentBytes: bytes,
    });
    return [
      ...latencyRows(about("spawn to /health"), times.health.sort()).slice(0, 1),
      ...latencyRows(about("spawn to first answer"), times.answer.sort()).slice(0, 1),
      memory("after loading", loadedBytes),
      memory("after a restart and a search", restartedBytes),
    ];
  },
};
