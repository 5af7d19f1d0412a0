/** Confidences are over what callers see: what was dropped or folded on the way leads nobody and is led by nobody. */

import { LIMITS } from "@nexus/core";
import { expect, it } from "vitest";
import { openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import { confidences } from "../fusion/confidence.ts";
import type { Fused } from "../fusion/fuse.ts";
import type { RecallResponse } from "../requests.ts";

const world = await openWorld();
const { clock, dependencies } = world;
const QUERY = "where is the red canoe?";

function expectOverShown({ confidence, results }: RecallResponse): void {
  const shown = results.map(({ score }) => ({ score })) as Fused[];
  const expected = confidences(shown, dependencies.settings.fusion);
  results.forEach((result, i) => expect(result.confidence).toBeCloseTo(expected[i] ?? -1, 12));
  expect(confidence).toBe(results[0]?.confidence ?? 0);
}

async function tellOthers(tenant: Tenant): Promise<void> {
  for (const speaker of ["Ben", "Cleo", "Dan"]) await tenant.tell("a canoe is a boat", { speaker });
  await tenant.tell("the red door was painted");
}

it("the first that is shown has the confidence of a first, where a better one has expired", async () => {
  const tenant = world.tenant();
  const expiresAt = new Date(clock.now() + 1_000);
  await tenant.tell("the red canoe lies by the boathouse", { expiresAt });
  await tellOthers(tenant);
  expectOverShown(await tenant.ask(QUERY, { k: 50 }));
  clock.advance(2_000);
  const answer = await tenant.ask(QUERY, { k: 50 });
  expect(answer.results.length).toBeGreaterThan(2);
  expectOverShown(answer);
});

it("the lead is over the next that says something else", async () => {
  const tenant = world.tenant();
  for (const sessionId of ["s1", "s2", "s3"]) await tenant.tell("the red canoe lies by the boathouse", { sessionId });
  await tellOthers(tenant);
  const answer = await tenant.ask(QUERY, { k: 50 });
  expect(answer.results[0]?.duplicates).toHaveLength(2);
  expectOverShown(answer);
});

it("a cut takes nothing from the confidence of those before it, whatever was folded behind it", async () => {
  const tenant = world.tenant();
  await tenant.tell("the red canoe lies by the boathouse");
  for (const sessionId of ["s1", "s2", "s3", "s4", "s5", "s6"]) await tenant.tell("the canoe is red", { sessionId });
  for (const colour of ["red", "blue", "green", "grey"]) {
    for (const sessionId of ["s1", "s2", "s3"]) await tenant.tell(`a ${colour} canoe is a boat`, { sessionId });
  }
  await tellOthers(tenant);
  const all = await tenant.ask(QUERY, { k: 50 });
  for (const k of [1, 2, 3]) {
    const { results } = await tenant.ask(QUERY, { k });
    expect(results.map(({ confidence }) => confidence)).toEqual(
      all.results.slice(0, k).map(({ confidence }) => confidence),
    );
  }
});

it("an answer of more results than callers may ask for is not kept, and cannot be rated", async () => {
  const tenant = world.tenant();
  const memoryId = await tenant.tell("the red canoe lies by the boathouse");
  const rate = async (k: number) => {
    const { queryId } = await tenant.ask(QUERY, { k });
    return await tenant.memory.rate(tenant.writer, { queryId, memoryId, rating: 5 });
  };
  await expect(rate(LIMITS.maxK)).resolves.toMatchObject({ seqs: expect.anything() as unknown });
  await expect(rate(LIMITS.maxK + 1)).rejects.toMatchObject({ code: "query.not_found" });
});
