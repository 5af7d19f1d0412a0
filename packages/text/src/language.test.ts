import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { guessLanguage } from "./language.ts";

describe("guessLanguage", () => {
  it.each([
    ["en", "What did the doctor say about your knee when you saw her?"],
    ["es", "¿Qué te dijo la médica cuando fuiste a verla por lo de la rodilla?"],
    ["es", "cuando vuelves de las vacaciones con tus padres"],
    ["fr", "Qu'est-ce que le médecin vous a dit au sujet de votre genou ?"],
    ["de", "Was hat die Ärztin gesagt, als du wegen deines Knies bei ihr warst?"],
    ["it", "Che cosa ha detto il medico quando sei andata da lui?"],
    ["pt", "O que é que a médica disse quando você foi à consulta?"],
    ["nl", "Wat heeft de dokter gezegd toen je bij haar was?"],
    ["tr", "Doktor bu konuda ne dedi ve sen ona ne cevap verdin?"],
    ["ru", "Что сказал врач о твоём колене?"],
    ["ar", "ماذا قالت الطبيبة عن ركبتك؟"],
    ["ja", "医者は膝について何と言いましたか？"],
    ["zh", "医生怎么说你的膝盖？"],
    ["th", "หมอพูดว่าอะไรเกี่ยวกับเข่าของคุณ"],
    ["ko", "의사가 무릎에 대해 뭐라고 했어요?"],
  ])("is sure of %s for %s", (language, text) => {
    expect(guessLanguage(text)).toEqual({ language, confident: true });
  });

  it.each(["", "1234", "Paris 2024", "😀😀", "..."])("falls back without confidence for %j", (text) => {
    expect(guessLanguage(text)).toEqual({ language: "en", confident: false });
    expect(guessLanguage(text, { fallback: "es" })).toEqual({ language: "es", confident: false });
  });

  it("takes any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(guessLanguage(text).language).toMatch(/^[a-z]{2}$/);
      }),
    );
  });
});
