import { describe, expect, it } from "vitest";
import { type Answered, createNeighbours } from "./neighbours.ts";
import { wordingOf } from "./wording.ts";

/** Unit vectors in a plane, so that any two of an angle below 60° are near. */
function asked(text: string, fields: Partial<Answered> = {}, angle = 0): Answered {
  const vector = Float32Array.of(Math.cos(angle), Math.sin(angle));
  return {
    vector,
    wording: wordingOf(text, "en"),
    candidates: [text],
    seq: 1,
    createdAt: 5,
    validUntil: 100,
    ...fields,
  };
}

const ask = (text: string, fields: { seq?: number; now?: number } = {}) => ({ ...asked(text), now: 0, ...fields });

describe("a neighbour", () => {
  it("is the nearest of those that ask the same", () => {
    const neighbours = createNeighbours({ minScore: 0.4 });
    neighbours.add("g", asked("where do the herons nest in spring at the old mill"));
    neighbours.add("g", asked("where do the herons nest at the old mill"));
    expect(neighbours.nearest("g", ask("where do herons nest at the old mill?"))).toMatchObject({
      candidates: ["where do the herons nest at the old mill"],
      createdAt: 5,
    });
  });

  it("with another number or name is guarded; without any near query there is none", () => {
    const neighbours = createNeighbours({ minScore: 0.4 });
    neighbours.add("g", asked("what did room 12 cost?"));
    neighbours.add("g", asked("where do herons nest?", {}, Math.PI / 2));
    expect(neighbours.nearest("g", ask("what did room 14 cost?"))).toBe("guarded");
    expect(neighbours.nearest("other", ask("what did room 12 cost?"))).toBeUndefined();
    const far = { ...ask("where do herons nest?"), vector: Float32Array.of(-1, 0) };
    expect(neighbours.nearest("g", far)).toBeUndefined();
  });

  it("of another state is none, and an older state cannot come back", () => {
    const neighbours = createNeighbours({ minScore: 0.4 });
    neighbours.add("g", asked("otter", { seq: 2 }));
    neighbours.add("g", asked("otter", { seq: 1 }));
    expect(neighbours.nearest("g", ask("otter", { seq: 1 }))).toBeUndefined();
    expect(neighbours.nearest("g", ask("otter", { seq: 2 }))).toMatchObject({ candidates: ["otter"] });
    neighbours.add("g", asked("heron", { seq: 3 }));
    expect(neighbours.nearest("g", ask("otter", { seq: 2 }))).toBeUndefined();
    expect(neighbours.nearest("g", ask("otter", { seq: 3 }))).toBe("guarded");
  });

  it("ends with its answer's validity", () => {
    const neighbours = createNeighbours({ minScore: 0.4 });
    neighbours.add("g", asked("otter"));
    expect(neighbours.nearest("g", ask("otter", { now: 99 }))).toBeDefined();
    expect(neighbours.nearest("g", ask("otter", { now: 100 }))).toBeUndefined();
  });

  it("is forgotten with all of its tenant, and with no other", () => {
    const neighbours = createNeighbours({ minScore: 0.4 });
    for (const group of ["t\0g", "t\0h", "tt\0g"]) neighbours.add(group, asked("otter"));
    neighbours.forget("t\0");
    const found = ["t\0g", "t\0h", "tt\0g"].map((group) => neighbours.nearest(group, ask("otter")) !== undefined);
    expect(found).toEqual([false, false, true]);
  });

  it("is looked for among the latest 512 queries of its group and 16,384 of all", () => {
    const neighbours = createNeighbours({ minScore: 0.4 });
    for (let i = 0; i <= 512; i++) neighbours.add("g", asked(`word${i}`));
    expect(neighbours.nearest("g", ask("word1"))).toMatchObject({ candidates: ["word1"] });
    expect(neighbours.nearest("g", ask("word0"))).toBe("guarded");
    const one = asked("otter");
    for (let i = 0; i < 16_384; i++) neighbours.add(`h${i}`, one);
    expect(neighbours.nearest("g", ask("word1"))).toBeUndefined();
    expect(neighbours.nearest("h0", ask("otter"))).toBeDefined();
  });
});
