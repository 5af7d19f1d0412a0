import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyse } from "./analyse.ts";
import type { Complexity } from "./complexity.ts";

const repeated = (word: string, count: number): string => Array.from({ length: count }, () => word).join(" ");

describe("complexity", () => {
  it.each<[string, Complexity]>([
    ["", "simple"],
    ["where is the key?", "simple"],
    ["Where does my sister Ife live now that she works in Porto?", "simple"],
    ["What did Ana and Ben decide about the flat in Lisbon?", "medium"],
    ["Which antibiotics prescriptions contraindicate grapefruit consumption?", "critical"],
    ["Which grandparents photographed butterflies yesterday afternoon?", "simple"],
    ["Does the lawyer know which medication the doctor prescribed?", "critical"],
    [
      "What did Ana Silva and Ben Okoro decide about the flat in Lisbon and the one in Porto, while Carla was away, but before the bank called them?",
      "complex",
    ],
    [repeated("word", 31), "medium"],
    [`${repeated("word", 30)} and again`, "medium"],
  ])("%s: %s", (query, complexity) => {
    expect(analyse(query).complexity).toBe(complexity);
  });

  it("rises with the number of words at 6, 16 and 31, the other points being 2", () => {
    const at = (count: number): string => analyse(`ab ${repeated("Xy, ", 4)} ${repeated("ab", count - 5)}`).complexity;
    expect([5, 6, 15, 16, 30, 31].map(at)).toEqual(["simple", "medium", "medium", "medium", "medium", "complex"]);
  });
});

describe("a reference to earlier talk", () => {
  it.each([
    ["What was that?", true],
    ["the same again please", true],
    ["¿Qué era eso?", true],
    ["la misma de antes", true],
    ["What happened that week?", false],
    ["What did she say about that?", true],
    ["Where is the book that Ana gave me?", false],
    ["Where is the book that I read?", false],
    ["What was the last thing you told me?", true],
    ["Where did we go last summer?", false],
    ["What is her last name?", false],
    ["qué pasó esa noche", false],
    ["Where is the key?", false],
    ["thatcher", false],
  ])("%s: %s", (query, expected) => {
    expect(analyse(query).hasReference).toBe(expected);
  });

  it("with a repetition makes a hit in the cache likelier still, by 0.21", () => {
    expect(analyse("the same again").cacheProbability).toBeCloseTo(0.7, 10);
  });

  it("makes a hit in the cache likelier by 0.35, five words or fewer by 0.14", () => {
    expect(analyse("what was that").cacheProbability).toBeCloseTo(0.49, 10);
    expect(analyse("where is the key").cacheProbability).toBeCloseTo(0.14, 10);
    expect(analyse("where did my sister put that thing").cacheProbability).toBeCloseTo(0.35, 10);
    expect(analyse("where did my sister put the key").cacheProbability).toBe(0);
  });
});

describe("any query", () => {
  it("is analysed without failing, its words being lower case", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (query) => {
        const { cacheProbability, domains, words, language } = analyse(query);
        expect(cacheProbability >= 0 && cacheProbability <= 1).toBe(true);
        expect(Object.values(domains).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        expect(language).toMatch(/^[a-z]{2}$/);
        for (const word of words) expect(word).toBe(word.toLowerCase());
      }),
    );
  });

  it("names its language and its words", () => {
    expect(analyse("¿Dónde dejé la llave de la bicicleta?").language).toBe("es");
    expect(analyse("Where did Ana go?").words).toEqual(new Set(["where", "did", "ana", "go"]));
  });
});
