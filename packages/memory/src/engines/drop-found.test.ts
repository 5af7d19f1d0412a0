import type { Pattern } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { openWorld } from "../../../../test/support/memory-world.ts";
import { dropFound } from "./drop-found.ts";
import { markerOf } from "./trend-rows.ts";

const world = await openWorld();
const { clock, dependencies } = world;

function patternOf(id: string, memoryIds: readonly string[]): Pattern {
  const row = markerOf("ana", "trends", clock.now());
  return { ...row, id, terms: ["kayaking"], memoryIds, frequency: memoryIds.length };
}

describe("what was found in six memories", () => {
  const six = ["a", "b", "c", "d", "e", "f"];

  it.each([
    [["x"], six],
    [["a"], ["b", "c", "d", "e", "f"]],
    [
      ["a", "f"],
      ["b", "c", "d", "e"],
    ],
    [["a", "b", "c"], undefined],
  ])("when %j are forgotten, all at once or one by one, names %j", async (forgotten, left) => {
    for (const steps of [[forgotten], forgotten.map((id) => [id])]) {
      const tenant = world.tenant();
      await dependencies.records.transact(tenant.scope, ["ana"], async (tx) => {
        tx.put("pattern", patternOf("six", six));
        tx.put("pattern", markerOf("ana", "patterns", clock.now()));
        for (const ids of steps) await dropFound(tx, "ana", new Set(ids));
      });
      const rows = await tenant.reader.range({ table: "pattern", prefix: ["ana"], limit: 10 });
      expect(rows.find(({ id }) => id === "six")?.memoryIds).toEqual(left);
      expect(rows).toHaveLength(left ? 2 : 1);
    }
  });
});
