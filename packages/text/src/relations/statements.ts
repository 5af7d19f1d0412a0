/** Reads statements: subject, auxiliaries, a pattern, an object; and the same turned round. */

import type { Tense } from "../relations.ts";
import { surroundings } from "./context.ts";
import { isJob, mayBeJob } from "./jobs.ts";
import type { Pattern } from "./patterns.ts";
import { readObject } from "./read-object.ts";
import { add, blanks, LASTING, type Place, type Scan, viewFrom, written } from "./scan.ts";
import { isLeisure, isPassing, softness } from "./soft-jobs.ts";
import { SPANISH_THIRD } from "./spanish.ts";
import { auxiliariesAt, isNegation } from "./verbs.ts";
import { lastPerson } from "./who.ts";

/** What holds for "we" holds for the speaker. */
const HOUSEHOLD = new Set(["home", "maritalStatus"]);
const COMPANY =
  /\b(?:Bank|Inc|Ltd|GmbH|Corp|Corporation|Hospital|Airlines|Group|Studios?|Labs?|Systems|Technologies|Consulting)\b/;

const USED = new Set(
  "facebook netflix instagram twitter linkedin tinder bumble hinge tiktok whatsapp telegram discord reddit spotify strava uber airbnb zoom".split(
    " ",
  ),
);
const BRANDS = new Set(
  "google meta facebook amazon apple microsoft netflix stripe uber airbnb shopify spotify tesla nvidia intel ibm oracle sap siemens bosch samsung sony toyota bmw ikea lidl aldi walmart costco starbucks mcdonalds deloitte pwc kpmg accenture mckinsey ikea nike adidas".split(
    " ",
  ),
);
/** Many groups can be joined: the text itself says that it is about work. */
const JOB_CUE =
  /\b(?:as an?|job|jobs|work|works|working|role|colleagues?|company|employer|office|resigned|hired|team|position|startup|career|staff|shifts?|salary|boss|manager|contract|onboarding|desk|badge|payroll)\b/i;
const GROUPS =
  /^(?:joined|started|signed|switched|jumped|transferred|moved|shifted|left|quit|ditched|swapped|dropped|exchanged|traded|empece|empezo|entre|entro|fiche) /;
const TRADE_AT = /(\S+) (?:at|for) (?:the )?$/;
/** "I moved to Porto", "Ana works at Acme": every pattern that fits behind a subject. */
export function readStatement(scan: Scan, { tokens, at, subject: given }: Place): void {
  if (given.next > tokens.length) return;
  const helpers = auxiliariesAt(tokens, given.next);
  const dropped = given.next === at;
  const view = viewFrom(tokens, helpers.next);
  const other = dropped && scan.spanish && given.name === "" && SPANISH_THIRD.test(view.words);
  const who = other ? lastPerson(scan) : given;
  if (!who) return;
  const subject = { ...given, name: who.name, confidence: who.confidence };
  const negated = helpers.negated || (dropped && isNegation(tokens[at - 1]?.word ?? ""));
  const me = tokens[at]?.word === "me";
  if (!helpers.be && !me && !scan.patterns.some.test(view.words)) return;
  for (const pattern of scan.patterns.all) {
    if (pattern.be === true && !helpers.be && !dropped) continue;
    if (pattern.full === true && !helpers.be) continue;
    if (pattern.me === true && !me) continue;
    const match = pattern.pattern.exec(view.words);
    if (!match) continue;
    const objectAt = view.places[blanks(match[0])] ?? tokens.length;
    const object =
      pattern.value === undefined
        ? readObject(tokens, objectAt, pattern.object, scan.text)
        : { from: helpers.next, to: objectAt, confidence: 1, value: pattern.value, maybe: false };
    if (!object) continue;
    // "Rowling is such an inspiring reader": only who speaks of himself like this tells a job.
    if (object.maybe === true && (subject.name !== "" || pattern.full !== true || match[0] === "")) continue;
    if (pattern.after && !pattern.after.test(viewFrom(tokens, object.to).words)) continue;
    const around = surroundings(tokens, {
      at,
      end: object.to,
      event: pattern.event === true,
      lasting: LASTING.has(pattern.type),
      been: tokens.slice(subject.next, helpers.next).some((token) => token.word === "been"),
    });
    const words = written(scan, tokens, object);
    // "moved to Apple Music": neither a town nor an employer.
    const brand = BRANDS.has(tokens[object.from]?.word ?? "") || BRANDS.has(tokens[object.to - 1]?.word ?? "");
    if (pattern.type === "home" && object.to > object.from + 1 && brand) continue;
    const company = COMPANY.test(words) || BRANDS.has(tokens[object.from]?.word ?? "");
    // People join these to use them.
    const used =
      pattern.type === "employer" && view.words.startsWith("joined") && USED.has(tokens[object.from]?.word ?? "");
    const joined = pattern.type === "employer" && GROUPS.test(view.words) && !JOB_CUE.test(scan.text) ? 0.8 : 1;
    const trade = pattern.trade !== true || TRADE_AT.exec(match[0])?.[1];
    const traded = trade === true || isJob(trade ?? "") || mayBeJob(trade ?? "") ? 1 : 0.7;
    const soft =
      pattern.type !== "jobTitle"
        ? 1
        : softness(tokens, object, { words, text: scan.text, unchecked: pattern.object === "title" });
    // "i live in leeds": written without capitals, and sure by its verb.
    const lived = pattern.type === "home" && /^(?:live|lives|living|reside|vivo|vive) /.test(view.words) ? 1.1 : 1;
    const partnerless = pattern.type === "partner" && (brand || USED.has(tokens[object.from]?.word ?? ""));
    if (partnerless) continue;
    const office = subject.name === "we" && /^(?:based|located) /.test(view.words) ? 0.7 : 1;
    add(
      scan,
      { tokens, at, from: object.from, to: object.to },
      {
        type: pattern.type === "home" && company ? "employer" : pattern.type,
        subject: subject.name === "we" && HOUSEHOLD.has(pattern.type) ? "" : subject.name,
        object: object.value,
        confidence:
          (pattern.confidence ?? 1) *
          (used ? 0.6 : office) *
          joined *
          traded *
          soft *
          subject.confidence *
          Math.min(1, object.confidence * lived) *
          around.confidence,
        affirmative: pattern.affirmative !== false && !negated,
        tense: pattern.type === "jobTitle" && isPassing(words) ? "unsure" : pick(pattern, helpers.tense, around.tense),
        change: around.change || helpers.change,
        qualifier: helpers.also || (pattern.type === "jobTitle" && isLeisure(words)) ? "side" : around.qualifier,
      },
    );
  }
}

function pick(pattern: Pattern, helper: Tense | undefined, around: Tense | undefined): Tense {
  if (helper === "unsure") return "unsure";
  if (pattern.tense === "future") return "future";
  if (around === "unsure") return "unsure";
  if (pattern.tense !== undefined) return pattern.tense;
  // "was promoted", "had moved": what happened still holds unless the text says otherwise.
  if (helper === "past" && pattern.event === true && around === undefined) return "present";
  return helper ?? around ?? "present";
}

/** "my employer is Maersk", read from the noun on. */
export function readNoun(scan: Scan, { tokens, at, from, subject }: Place & { from: number }): void {
  const view = viewFrom(tokens, from);
  if (!scan.someNoun.test(view.words)) return;
  for (const [pattern, type, kind] of scan.nouns) {
    const match = pattern.exec(view.words);
    if (!match) continue;
    const object = readObject(tokens, view.places[blanks(match[0])] ?? tokens.length, kind, scan.text);
    if (!object) continue;
    const around = surroundings(tokens, {
      at,
      end: object.to,
      event: false,
      been: false,
      lasting: LASTING.has(type),
    });
    add(
      scan,
      { tokens, at, from: object.from, to: object.to },
      {
        type,
        subject: subject.name,
        object: object.value,
        confidence: 0.97 * subject.confidence * object.confidence * around.confidence,
        tense: around.tense ?? "present",
        change: around.change,
        qualifier: around.qualifier,
      },
    );
  }
}
