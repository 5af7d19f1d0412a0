import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { detectLanguage, weighLanguages } from "./detect-language.ts";

describe("detectLanguage", () => {
  it.each([
    ["en", "What did the doctor say about your knee when you saw her?"],
    ["es", "La médica me dijo que la rodilla todavía necesita descanso."],
    ["de", "Die Ärztin hat gesagt, dass das Knie noch Ruhe braucht."],
    ["pl", "Lekarka powiedziała, że kolano potrzebuje jeszcze odpoczynku."],
    ["vi", "Bác sĩ nói rằng đầu gối vẫn cần được nghỉ ngơi thêm."],
    ["zu", "Udokotela uthe idolo lisadinga ukuphumula isikhashana."],
    ["sw", "Daktari alisema kwamba goti bado linahitaji kupumzika kwa muda."],
    ["cy", "Dywedodd y meddyg fod angen mwy o orffwys ar y pen-glin."],
    ["af", "Die dokter het gesê dat my knie nog rus nodig het."],
    ["uk", "Лікарка сказала, що коліну ще потрібен відпочинок."],
    ["bg", "Лекарката каза, че коляното все още има нужда от почивка."],
    ["fa", "پزشک گفت که زانوی من هنوز به استراحت نیاز دارد."],
    ["ur", "ڈاکٹر نے کہا کہ گھٹنے کو ابھی مزید آرام کی ضرورت ہے۔"],
    ["mr", "डॉक्टरांनी सांगितले की गुडघ्याला अजून विश्रांतीची गरज आहे."],
    ["ja", "医者は膝をもう少し休ませる必要があると言いました。"],
    ["zh", "医生说膝盖还需要多休息一段时间。"],
    ["ka", "ექიმმა თქვა, რომ მუხლს კიდევ სჭირდება დასვენება."],
  ])("finds %s with a confidence of .8", (language, text) => {
    const found = detectLanguage(text);
    expect(found.language).toBe(language);
    expect(found.confidence).toBeGreaterThan(0.8);
  });

  it.each(["Ok", "Bye!", "No way!", "Me too", "Haha", "Mia"])("is not sure of %j", (text) => {
    expect(detectLanguage(text).confidence).toBeLessThan(0.9);
  });

  it.each(["", "1234 – 56", "😀😀", "..."])("finds no language in %j", (text) => {
    expect(detectLanguage(text)).toEqual({ language: "und", confidence: 0 });
  });

  it("takes the script of most letters, and is less sure of a mixed text", () => {
    const { language, confidence } = detectLanguage(
      "Yesterday I had dinner with my sister at 東京 near the old station",
    );
    expect(language).toBe("en");
    expect(confidence).toBeLessThan(1);
    expect(detectLanguage("昨日、新宿でRamenを食べました").language).toBe("ja");
  });

  it("gives any text a language and a confidence of 0 to 1, the same each time", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })), (text) => {
        const found = detectLanguage(text);
        expect(found.language).toMatch(/^[a-z]{2,3}$/);
        expect(found.confidence).toBeGreaterThanOrEqual(0);
        expect(found.confidence).toBeLessThanOrEqual(1);
        expect(detectLanguage(text)).toEqual(found);
      }),
      { numRuns: 300 },
    );
  });
});

describe("weighLanguages", () => {
  it("gives the best language the confidence that it reports, and no other more", () => {
    const { best, confidenceIn } = weighLanguages("la casa de la playa");
    expect(confidenceIn(best.language)).toBeCloseTo(best.confidence, 9);
    for (const other of ["es", "ca", "pt", "it", "en"]) {
      expect(confidenceIn(other)).toBeLessThanOrEqual(best.confidence);
    }
    expect(confidenceIn("ja")).toBe(0);
  });
});
