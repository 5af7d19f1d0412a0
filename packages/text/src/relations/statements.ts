/** Reads statements: subject, auxiliaries, a pattern, an object; and the same turned round. */

import type { Tense } from "../relations.ts";
import { surroundings } from "./context.ts";
import { isJob, mayBeJob } from "./jobs.ts";
import type { Pattern } from "./patterns.ts";
import { readObject } from "./read-object.ts";
import { add, blanks, type Scan, viewFrom, written } from "./scan.ts";
import { SPANISH_THIRD } from "./spanish.ts";
import type { Subject } from "./subjects.ts";
import type { Token } from "./tokens.ts";
import { auxiliariesAt, isNegation } from "./verbs.ts";
import { lastPerson } from "./who.ts";

export interface Place {
  readonly tokens: readonly Token[];
  readonly at: number;
  readonly subject: Subject;
}

/** States that no limit in time or second one goes with. */
const LASTING = new Set(["age", "maritalStatus", "partner"]);
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
const GROUPS = /^(?:joined|started|signed|switched|jumped|transferred|moved|shifted|left|quit|ditched|swapped|dropped|exchanged|traded|empece|empezo|entre|entro|fiche) /;
const TRADE_AT = /(\S+) (?:at|for) (?:the )?$/;
/** What people are beside their job. */
const SOFT_JOBS =
  /\b(?:captain|author|writer|poet|artist|singer|musician|dancer|painter|coach|owner|partner|student|host|representative|actor|actress|tutor|photographer)\b/i;
const LEISURE =
  /\b(?:of|for|at|del?|de la) (?:the |our |my |an? |el |la )?(?:\w+ ){0,2}(?:(?:quiz|football|soccer|rugby|basketball|kids?|chess|bowling|darts|cricket|netball) team|club|committee|choir|band|league|game|play|association|society|church|parish|pta|guild|clan|party|coro|pena)\b/i;
const PASSING = /\b(?:acting|interim|temporary|temp|substitute|stand-in)\b/i;
/** Titles given in fun. */
const MOCK =
  /\b(?:designated|unofficial|family|household|resident|human|self-appointed|unpaid|honorary|amateur|wannabe|aspiring|would-be|armchair|walking|plant|dog|cat|proud|snacks?|naps?|couch|bedtime|dishes|fun|nothing|better|worse|good|great|bad|terrible|lousy|decent|best|worst|big|huge|natural|born|mean|keen|light|heavy|early|slow|fast|careful|nervous)\b|\b(?:mum|mom|mother|dad|father|son|daughter|kids?|wife|husband|brother|sister|friend|cat|dog)'s /i;
const HOUSE = /\b(?:(?:in|of|at) (?:our|my|the) (?:house|home|family|household|kitchen|flat)|at home|en casa|says my|according to my)\b/i;
const INVERSE: readonly (readonly [RegExp, string])[] = [
  [/^my (?:new |current )?(?:husband|wife|partner|boyfriend|girlfriend|fiance|fiancee|spouse) /, "partner"],
  [/^mi (?:nuev[oa] )?(?:actual )?(?:marido|mujer|esposo|esposa|novio|novia|pareja) /, "partner"],
  [/^(?:my (?:new |current )?employer|who pays my bills|who employs me|where i work) /, "employer"],
  [/^(?:home|where i live|where we live|my (?:new )?(?:home|city|base)|where i am based) /, "home"],
];

/** "Tom is my husband", "Porto is home now". */
export function readInverse(scan: Scan, { tokens, at, subject }: Place): void {
  const helpers = auxiliariesAt(tokens, subject.next);
  const view = viewFrom(tokens, helpers.next);
  const cleft = /^(?:who|that) (?:pays my (?:bills|salary|wages|rent)|employs me|hired me|i work for) /.test(view.words);
  const employs = cleft || /^(?:pays my (?:bills|salary|wages|rent)|employs me|hired me|took me on|gave me a job) /.test(
    view.words,
  );
  if (!helpers.be && !employs) return;
  const type = employs ? "employer" : INVERSE.find(([pattern]) => pattern.test(view.words))?.[1];
  if (type === undefined) return;
  const around = surroundings(tokens, {
    at,
    end: helpers.next,
    event: false,
    been: false,
    lasting: LASTING.has(type),
  });
  add(
    scan,
    { tokens, at, from: at, to: subject.next },
    {
      type,
      subject: "",
      confidence: 0.95 * around.confidence,
      affirmative: !helpers.negated,
      tense: helpers.tense ?? around.tense ?? "present",
      change: around.change || helpers.change,
      qualifier: around.qualifier,
    },
  );
}

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
  for (const pattern of scan.patterns) {
    if (pattern.be === true && !helpers.be && !dropped) continue;
    if (pattern.full === true && !helpers.be) continue;
    if (pattern.me === true && tokens[at]?.word !== "me") continue;
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
    const soft = pattern.type !== "jobTitle" ? 1 : softness(tokens, object, { words, text: scan.text, unchecked: pattern.object === "title" });
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
        tense:
          pattern.type === "jobTitle" && PASSING.test(words) ? "unsure" : pick(pattern, helpers.tense, around.tense),
        change: around.change || helpers.change,
        qualifier: helpers.also || (pattern.type === "jobTitle" && LEISURE.test(words)) ? "side" : around.qualifier,
      },
    );
  }
}

/** Less than 1 for what is hardly a job: "promoted to grandma", "the designated driver", "a singer". */
function softness(tokens: readonly Token[], object: { from: number; to: number }, { words, text, unchecked }: { words: string; text: string; unchecked: boolean }): number {
  if (MOCK.test(words) || HOUSE.test(text)) return 0.7;
  if (SOFT_JOBS.test(words)) return 0.8;
  return unchecked && !tokens.slice(object.from, object.to).some((token) => isJob(token.word)) ? 0.8 : 1;
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
