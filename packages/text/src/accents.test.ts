import { describe, expect, it } from "vitest";

import { accented, withoutMarks } from "./accents.ts";

describe("withoutMarks", () => {
  it.each([
    ["canción", "cancion"],
    ["ñandú", "nandu"],
    ["Ångström", "Angstrom"],
    ["ёлка", "елка"],
    ["мой", "мой"],
    ["がぎ", "がぎ"],
    ["ที่", "ที่"],
    ["हिंदी", "हिंदी"],
  ])("of %s is %s", (word, expected) => {
    expect(withoutMarks(word)).toBe(expected);
  });
});

describe("accented", () => {
  it("restores the endings that Spanish and Portuguese stemmers know with accents only", () => {
    expect(["cancion", "comiamos", "hablabamos", "teneis"].map((word) => accented(word, "es"))).toEqual([
      "canción",
      "comíamos",
      "hablábamos",
      "tenéis",
    ]);
    expect(accented("informacoes", "pt")).toBe("informação");
    expect(accented("nation", "en")).toBe("nation");
  });
});
