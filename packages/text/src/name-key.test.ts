import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { nameKey } from "./name-key.ts";

describe("nameKey", () => {
  it("is the same for the spellings of a name", () => {
    expect(nameKey("  Müller\tStraße ")).toBe("müller strasse");
    expect(nameKey("MÜLLER STRASSE")).toBe("müller strasse");
    expect(nameKey("ΟΔΥΣΣΕΥΣ")).toBe(nameKey("Οδυσσεύς".normalize("NFD").replaceAll(/\p{M}/gu, "")));
    expect(nameKey("ﬁona")).toBe("fiona");
  });

  it("keeps accents, which tell names apart", () => {
    expect(nameKey("José")).not.toBe(nameKey("Jose"));
  });

  it("is the key of itself", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => nameKey(nameKey(name)) === nameKey(name)));
  });
});
