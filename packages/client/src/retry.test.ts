/** Waits that a server asks for, within the time of the call. */

import { expect, it } from "vitest";
import { createClient } from "./index.ts";

function clientOf(retryAfter: number, timeoutMs: number) {
  const waits: number[] = [];
  let calls = 0;
  const nexus = createClient({
    url: "http://nexus.test",
    timeoutMs,
    fetch: async () => {
      calls += 1;
      if (calls > 1) return Response.json({ status: "ok" });
      const problem = { code: "breaker.open", detail: "the model is left alone", status: 503 };
      return Response.json(problem, { status: 503, headers: { "retry-after": String(retryAfter) } });
    },
    runtime: { sleep: (ms) => Promise.resolve(void waits.push(ms)), random: () => 0 },
  });
  return { nexus, waits };
}

it("are kept to when they end before the call must", async () => {
  const { nexus, waits } = clientOf(29, 30_000);
  expect(await nexus.health()).toEqual({ status: "ok" });
  expect(waits).toEqual([29_000]);
});

it("are not begun when they end after it: the failure itself is told", async () => {
  const { nexus, waits } = clientOf(30, 30_000);
  await expect(nexus.health()).rejects.toMatchObject({ code: "breaker.open" });
  expect(waits).toEqual([]);
});
