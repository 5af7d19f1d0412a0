import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { languageOf } from "./language-of.ts";
import { guessLanguage } from "./language.ts";

describe("languageOf", () => {
  it("takes a language that is sure, also one without a stemmer", () => {
    const { language, confidence } = languageOf("Daktari alisema kwamba goti bado linahitaji kupumzika kwa muda.");
    expect(language).toBe("sw");
    expect(confidence).toBeGreaterThan(0.9);
  });

  it.each(["Bye!", "Bye Joanna!", "Agreed!", "Thanks!", "I love it", "Me too", "Haha nice", "No way!"])(
    "calls the short turn %j English, and not surely",
    (text) => {
      const { language, confidence } = languageOf(text);
      expect(language).toBe("en");
      expect(confidence).toBeLessThan(0.95);
    },
  );

  it("takes a short text for the user's language unless it is clearly another", () => {
    expect(languageOf("Hola a todos, ya llegamos", { fallback: "es" }).language).toBe("es");
    expect(languageOf("Obrigado, até amanhã!", { fallback: "en" }).language).toBe("pt");
    expect(languageOf("Спасибо", { fallback: "ru" }).language).toBe("ru");
    expect(languageOf("ありがとう").language).toBe("ja");
  });

  it("calls Norwegian by its written standard and stems it as Norwegian", () => {
    expect(
      languageOf("Jeg vet ikke hva hun sa til deg etter møtet, men jeg kommer ikke hjem før i morgen."),
    ).toMatchObject({
      language: "nb",
      stemming: "no",
    });
  });

  it("stems as queries do, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.constantFrom("en", "es"), (text, fallback) => {
        expect(languageOf(text, { fallback }).stemming).toBe(guessLanguage(text, { fallback }).language);
      }),
    );
  });

  it.each(["", "2024", "👍"])("falls back for %j, without confidence", (text) => {
    expect(languageOf(text, { fallback: "es" })).toEqual({ language: "es", confidence: 0, stemming: "es" });
  });
});
