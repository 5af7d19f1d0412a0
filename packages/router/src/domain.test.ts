import { words } from "@nexus/text";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifyDomain, type Domain, type DomainGuess } from "./domain.ts";

const classify = (text: string): DomainGuess => classifyDomain(words(text).map(({ text }) => text.toLowerCase()));

// The figures are in test/eval/quality; these say that the weights that ship are the ones that were measured.
describe("the domain of", () => {
  it.each<[string, Domain]>([
    ["Did my cousin bring the tent to the campsite?", "general"],
    ["¿Quién trajo el pastel a la fiesta?", "general"],
    ["Why does the compiler reject this function?", "technical"],
    ["The doctor prescribed an antibiotic for the infection", "medical"],
    ["El médico me recetó una vacuna", "medical"],
    ["The tenant signed the lease before the court hearing", "legal"],
    ["What is the interest rate of my savings account?", "financial"],
    ["Does the contract cover my mortgage?", "crossDomain"],
    ["", "general"],
  ])("%j is %s", (text, domain) => {
    expect(classify(text).domain).toBe(domain);
  });
});

it("is critical exactly from 0.5 on, for medicine, law and finance alone", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(..."doctor lawyer bank code dog pill court loan fever".split(" "))),
      (text) => {
        const { critical, domains } = classifyDomain(text);
        expect(critical).toBe(Math.max(domains.medical, domains.legal, domains.financial) >= 0.5);
      },
    ),
  );
});

it("gives probabilities that sum to 1, whatever was classified before", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 40 }), { maxLength: 300 }), (text) => {
      const { domains } = classifyDomain(text);
      expect(Object.values(domains).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      classify("The doctor came");
      expect(classifyDomain(text).domains).toEqual(domains);
    }),
  );
});
