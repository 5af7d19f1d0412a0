import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closeness } from "./moment.ts";

const DAY_MS = 86_400_000;
const june = { from: Date.UTC(2025, 5, 1), to: Date.UTC(2025, 6, 1) };
const said = (day: number): number => closeness({ createdAt: june.from + day * DAY_MS }, [june]);

describe("closeness to a date", () => {
  it("is 1 within it and e^(−1) a week after it", () => {
    expect([said(0), said(29.9)]).toEqual([1, 1]);
    expect(said(37)).toBeCloseTo(Math.exp(-1), 10);
  });

  it("falls twice as fast for what was said before it", () => {
    expect(said(-3.5)).toBeCloseTo(Math.exp(-1), 10);
  });

  it("is 1 for what was said later and speaks of it", () => {
    const createdAt = june.to + 300 * DAY_MS;
    const occurredFrom = june.to - DAY_MS;
    expect(closeness({ createdAt, occurredFrom, occurredTo: june.to + DAY_MS }, [june])).toBe(1);
    expect(closeness({ createdAt, occurredFrom }, [june])).toBe(1);
    expect(closeness({ createdAt, occurredFrom: june.to }, [june])).toBeLessThan(0.01);
  });

  it("lies within 0…1, is 0 without dates, and never falls when one is added", () => {
    const moment = fc.integer({ min: 0, max: 4e12 });
    fc.assert(
      fc.property(moment, fc.array(fc.tuple(moment, fc.nat({ max: 1e10 })), { maxLength: 4 }), (createdAt, spans) => {
        const dates = spans.map(([from, length]) => ({ from, to: from + length }));
        const values = dates.map((_, i) => closeness({ createdAt }, dates.slice(0, i)));
        for (const value of values) expect(value >= 0 && value <= 1).toBe(true);
        expect(values).toEqual(values.toSorted((a, b) => a - b));
        expect(values[0] ?? 0).toBe(0);
      }),
    );
  });
});
