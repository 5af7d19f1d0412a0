import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { conflict, factsOf, type Guard, rewording } from "./guards.ts";

const between = (a: string, b: string, language = "en"): Guard | undefined =>
  conflict(factsOf(a, { language }), factsOf(b, { language }));
const reworded = (a: string, b: string, language = "en"): Guard | undefined =>
  rewording(factsOf(a, { language }), factsOf(b, { language }));

describe("conflict", () => {
  const different: readonly [string, string, Guard, string?][] = [
    ["The boiler needs 3 new valves", "The boiler needs 4 new valves", "numbers"],
    ["Pay Lena 20 euros", "Pay Lena 20 dollars", "numbers"],
    ["The pill is 5 mg", "The pill is 5 g", "numbers"],
    ["It costs 1.500 euros", "It costs 1,500 euros", "numbers"],
    ["We meet at 7 am", "We meet at 7 pm", "numbers"],
    ["Swim on Monday", "Swim on Tuesday", "dates"],
    ["The exam is in May", "The exam is in June", "dates"],
    ["I called her yesterday", "I called her today", "dates"],
    ["La cena es el viernes", "La cena es el sábado", "dates", "es"],
    ["I have paid the bill", "I haven't paid the bill", "negation"],
    ["Ya no fumo", "Ya fumo", "negation", "es"],
    ["Omar waters the plants", "Edith waters the plants", "names"],
    ["I saw Omar near the well", "I saw Edith near the well", "names"],
    ["He put polish on it", "He put Polish on it", "names"],
    ["Is the gate locked?", "The gate is locked", "question"],
    ["where does Omar keep it", "Omar does keep it where it was", "question"],
    ["You must call first", "You may call first", "modality"],
    ["I will sell it", "I would sell it", "modality"],
    ["I'll come unless it rains", "I'll come", "condition"],
    ["Turn left at the mill", "Turn right at the mill", "opposites"],
    ["I always lock it", "I often lock it", "opposites"],
    ["My older cousin sings", "My younger cousin sings", "opposites"],
    ["Omar taught Edith chess", "Edith taught Omar chess", "order"],
    ["I prefer plums to figs", "I prefer figs to plums", "order"],
  ];
  it.each(different)("sees that %j and %j differ: %s", (a, b, guard, language) => {
    expect(between(a, b, language)).toBe(guard);
    expect(between(b, a, language)).toBe(guard);
  });

  const alike: readonly [string, string, string?][] = [
    ["I'm thirty-five", "im 35"],
    ["Meet at 3 p.m. on Friday", "meet at 3pm on fri!"],
    ["It weighs two kilos", "It weighs 2 kg"],
    ["One hundred and twenty people came", "120 people came"],
    ["The rent is 1,200 dollars", "The rent is $1200"],
    ["Cuesta 1.200 euros", "Cuesta 1200 €", "es"],
    ["After lunch Omar called Edith", "Omar called Edith after lunch"],
    ["Omar and Edith sing", "Edith and Omar sing"],
    ["THE KEY IS UNDER THE MAT", "the key is under the mat"],
    ["No, I want to stay", "I want to stay"],
    ["It’s ﬁne — don’t worry", "it's fine - do not worry"],
  ];
  it.each(alike)("lets %j and %j pass", (a, b, language) => {
    expect(between(a, b, language)).toBeUndefined();
  });

  it("finds nothing against a text and itself, whatever it holds, and is symmetric", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), fc.string({ maxLength: 80 }), (a, b) => {
        expect(between(a, a)).toBeUndefined();
        expect(between(a, b) === undefined).toBe(between(b, a) === undefined);
      }),
    );
  });

  it("reads 32,768 units and compares the rest by hash", () => {
    const long = "the river is calm ".repeat(5000);
    expect(between(long, long)).toBeUndefined();
    expect(between(long, `${long}no`)).toBe("words");
  });
});

describe("rewording", () => {
  const same: readonly [string, string, string?][] = [
    ["The colour of the theatre is grey", "The color of the theater is gray"],
    ["My appt with Dr. Rao is on Tuesday", "My appointment with Doctor Rao is on Tuesday"],
    ["I bought a bicycle", "I bought a bike, just so you know"],
    ["Hi there! The key is under the mat.", "The key is under the mat"],
    ["The databse is backed up nightly", "The database is backed up nightly"],
    ["See you on Wendesday", "See you on Wednesday"],
    ["She works as a bee keeper", "She works as a beekeeper"],
    ["Nguyễn lives in Đà Nẵng", "Nguyen lives in Da Nang"],
    ["El medico llamo a mi hija", "El médico llamó a mi hija", "es"],
    ["La verdad es que no me gusta", "No me gusta", "es"],
    ["I moved to Porto", "I moved to porto"],
    ["Harbour Road was closed", "Harbor Road was closed"],
    ["Hola, vecina, el plomero viene el viernes", "El plomero viene el viernes", "es"],
    ["Kia ora team! The kayaks are locked", "The kayaks are locked"],
    ["Snow in April again ❄️🙄", "Snow in April again"],
    ["Mix 1½ cups of flour", "Mix 1 1/2 cups of flour"],
  ];
  it.each(same)("takes %j for %j", (a, b, language) => {
    expect(reworded(a, b, language)).toBeUndefined();
    expect(reworded(b, a, language)).toBeUndefined();
  });

  const other: readonly [string, string, string?][] = [
    ["I left it on the bank", "I left it in the bank"],
    ["She adopted the plan", "She adapted the plan"],
    ["Bring the cups and plates", "Bring the cups, plates and forks"],
    ["I have a cat", "I have cats"],
    ["Hoy visito a mi papá", "Hoy visitó a mi papá", "es"],
    ["The guard denies the theft but admits the fight", "The guard denies the fight but admits the theft"],
    ["I left because I fell", "I fell because I left"],
    ["What is C?", "What is C#?"],
    ["I have few friends", "I have a few friends"],
    ["I just ate", "I ate"],
    ["She slept well", "She slept"],
    ["My brother runs the marathon", "My brother runs in the marathon"],
    ["I gave in", "I gave"],
    ["Ben and I met Ana", "I met Ben and Ana"],
    ["It is -5 in the cellar", "It is 5 in the cellar"],
    ["Mix 1½ cups in", "Mix 11/2 cups in"],
    ["The wifi code is Blue42", "The wifi code is blue42"],
    ["Canto en el coro los jueves", "Cantó en el coro los jueves", "es"],
  ];
  it.each(other)("keeps %j and %j apart", (a, b, language) => {
    expect(reworded(a, b, language)).toBeDefined();
    expect(reworded(b, a, language)).toBeDefined();
  });

  it("never throws and never merges a text with one that has another number in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 2, max: 9000 }), (text, number) => {
        const guard = reworded(`${text} ${number} boxes`, `${text} ${number + 1} boxes`);
        expect(guard).toBeDefined();
      }),
    );
  });
});
