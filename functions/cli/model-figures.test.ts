/** The figures of embedding models in `nexus stats`. */

import { expect, it } from "vitest";
import { run } from "./cli-fixture.ts";

const METRICS = `nexus_embed_seconds_bucket{model="e1",device="cpu",le="0.005"} 3
nexus_embed_seconds_sum{model="e1",device="cpu"} 0.012
nexus_embed_seconds_count{model="e1",device="cpu"} 4
nexus_embed_batch_size_sum{model="e1"} 30
nexus_embed_batch_size_count{model="e1"} 4
nexus_embed_queue{model="e1"} 2
nexus_embed_model_bytes{model="e1"} 47185920
nexus_embed_seconds_sum{model="e10",device="cuda"} 1.5
nexus_embed_seconds_count{model="e10",device="cuda"} 10
nexus_embed_seconds_sum{model="e0",device="wasm"} 0.00009
nexus_embed_seconds_count{model="e0",device="wasm"} 3
nexus_embed_cache_total{result="hit"} 5
nexus_embed_cache_total{result="miss"} 15
`;

const lines = async (metrics: string) => {
  const answers: Readonly<Record<string, () => Response>> = {
    "/health": () => Response.json({ status: "ok", version: "1.2.3" }),
    "/health/ready": () => Response.json({ status: "ok", dependencies: {} }),
    "/api/memories": () => Response.json({ count: 7 }),
    "/metrics": () => new Response(metrics),
  };
  const { out } = await run(["stats"], { answer: (path) => answers[path]?.() ?? new Response("", { status: 404 }) });
  return out.split("\n");
};

it("have a line for each model, in the order of their numbers, and one for the cache of vectors", async () => {
  const shown = await lines(METRICS);
  expect(shown.slice(shown.indexOf("since its start") + 1)).toEqual([
    "  e0            3 runs, 0.030 ms on average, on wasm",
    "  e1            4 runs, 3.0 ms on average, 7.5 inputs a run, 2 waiting, 45.0 MiB, on cpu",
    "  e10           10 runs, 150 ms on average, on cuda",
    "  vector cache  5 hits in 20 look-ups",
    "  errors        0",
  ]);
});

it("have none where nothing was embedded", async () => {
  const shown = await lines("");
  expect(shown.at(-2)).toBe("since its start");
  expect(shown.at(-1)).toBe("  errors        0");
});
