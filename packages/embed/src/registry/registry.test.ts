import { NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";

import { describeModel, MODELS } from "./registry.ts";

describe("the registry", () => {
  it("has E0 to E12, whose twelve real ones have 13,184 dimensions together", () => {
    expect(MODELS.map(({ id }) => id)).toEqual(Array.from({ length: 13 }, (_, i) => `e${i}`));
    expect(MODELS.slice(1).reduce((sum, { dimension }) => sum + dimension, 0)).toBe(13_184);
  });

  it("routes each kind of input to the models that read it", () => {
    const readers = (modality: string) =>
      MODELS.filter(({ modalities }) => modalities.some((each) => each === modality)).map(({ id }) => id);
    expect(readers("text")).toEqual(MODELS.map(({ id }) => id).filter((id) => id !== "e5"));
    expect(readers("image")).toEqual(["e4"]);
    expect(readers("audio")).toEqual(["e5"]);
    expect(readers("code")).toEqual(["e0", "e1", "e2", "e6", "e11", "e12"]);
  });

  it("scores E9 and E10 by dot product, under a licence that has to be accepted, and no others", () => {
    expect(MODELS.filter(({ dot }) => dot).map(({ id }) => id)).toEqual(["e9", "e10"]);
    expect(MODELS.filter(({ nonCommercial }) => nonCommercial).map(({ id }) => id)).toEqual(["e9", "e10"]);
  });

  it("names alternatives that exist, read what the model reads, and lead to E0 or each other without a gap", () => {
    const chains = Object.fromEntries(
      MODELS.flatMap(({ id, alternatives }) => (alternatives.length > 0 ? [[id, alternatives]] : [])),
    );
    expect(chains).toEqual({
      e2: ["e11"],
      e11: ["e2"],
      e3: ["e2"],
      e6: ["e1"],
      e7: ["e8", "e1"],
      e8: ["e1"],
      e9: ["e10"],
      e10: ["e9"],
      e12: ["e11"],
    });
    for (const model of MODELS) {
      for (const other of model.alternatives) {
        expect(model.modalities.every((each) => describeModel(other).modalities.includes(each))).toBe(true);
      }
    }
  });

  it("pins a commit and sums for E1's int8 files", () => {
    const { source } = describeModel("e1");
    expect(source?.revision).toMatch(/^[0-9a-f]{40}$/);
    for (const { path, sha256, quantization } of source?.files ?? []) {
      if (quantization === undefined || quantization === "q8") expect(sha256, path).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it("says which models there are to whoever asks for another", () => {
    expect(() => describeModel("../e1")).toThrow(NexusError);
    expect(() => describeModel("e13")).toThrow(/e0, e1,.* e12/);
  });
});
