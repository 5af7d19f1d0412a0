import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { floatsOf, floatTensor } from "./session.ts";

describe("half precision", () => {
  it("agrees with the engine's own Float16Array for every f32", () => {
    fc.assert(
      fc.property(fc.float(), (value) => {
        const { data } = floatTensor(Float32Array.of(value), [1], "float16");
        const expected = new Uint16Array(Float16Array.of(value).buffer);
        if (Number.isNaN(value)) expect(floatsOf({ type: "float16", dims: [1], data })[0]).toBeNaN();
        else expect([...data]).toEqual([...expected]);
      }),
      { numRuns: 5_000 },
    );
  });

  it("reads all 65,536 halves", () => {
    const data = Uint16Array.from({ length: 65_536 }, (_, i) => i);
    const expected = new Float16Array(data.buffer);
    expect(floatsOf({ type: "float16", dims: [65_536], data })).toEqual(Float32Array.from(expected));
  });
});
