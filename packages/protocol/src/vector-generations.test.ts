/** Generations of vectors as they travel. */

import { describe, expect, it } from "vitest";
import { parseVectorAction, vectorGenerationsToWire, vectorGenerationsWire } from "./vector-generations.ts";

const startedAt = Date.parse("2026-05-01T10:00:00Z");
const generation = (number: number) => ({ number, name: "e1", model: `e1@r${number}`, startedAt });
const comparison = { queries: 64, overlapAt10: 0.5, selfAt10: 0.25, selfAt10InUse: 1, p95Ms: 4.5 };

describe("generations", () => {
  it("have their times in ISO 8601, null for what there is not, and no field of the stored state beside", () => {
    const state = { active: generation(1), next: { ...generation(3), comparison }, refused: ["e1@r2"], last: 3 };
    const wire = vectorGenerationsToWire(state);
    const at = "2026-05-01T10:00:00.000Z";
    expect(wire).toEqual({
      active: { ...generation(1), startedAt: at },
      next: { ...generation(3), startedAt: at, comparison },
      previous: null,
      refused: ["e1@r2"],
    });
    expect(vectorGenerationsWire.parse(wire)).toEqual(wire);
  });

  it("have no comparison before there is one", () => {
    const { next, active } = vectorGenerationsToWire({ next: generation(1), refused: [] });
    expect([active, Object.keys(next ?? {})]).toEqual([null, ["number", "name", "model", "startedAt"]]);
  });
});

describe("an action", () => {
  it.each(["cutOver", "rollBack", "retire", "refill"])("may be %s", (action) => {
    expect(parseVectorAction({ action })).toBe(action);
  });

  it.each([
    [{}, "body.invalid"],
    [{ action: "cut_over" }, "body.invalid"],
    [{ action: null }, "body.invalid"],
    [["cutOver"], "body.invalid"],
    [{ action: "cutOver", number: 3 }, "body.unknown_field"],
  ])("is not %j", (body, code) => {
    expect(() => parseVectorAction(body)).toThrow(expect.objectContaining({ code }));
  });
});
