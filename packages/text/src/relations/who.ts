/** The subject of a statement: written, a pronoun whose person is known, or left out. */

import { readCouple } from "./asides.ts";
import { NOWHERE, type Scan, SPEAKER } from "./scan.ts";
import { SPANISH_VERBS } from "./spanish.ts";
import { type Subject, subjectAt } from "./subjects.ts";
import type { Token } from "./tokens.ts";

/** First words of sentences that leave "I" out: "Moved to Porto." */
const DROPPED =
  /^(?:moved|moving|relocated|living|live|based|working|work|employed|started|joined|promoted|took|been|sold|accepted|landed|found|signed|became|tied|wed|bought|rented|got|turned|turning|seeing|dating|married|divorced|engaged|single|made|left|quit|settled|teaching|going|finally|just|now|still|newly|happily|recently|officially|relocating|swapped|switched|traded|gave|packed|upped|retrained|qualified|moving|widowed|separated|unmarried|engaged|turned|baking|nursing|remarried|back|celebrated|hired|retired|tying|signed|renting|sharing|employed|serving|done|resigned|changed|landed|bumped|graduated|split|broke|separated|dumped|ditched|proposed)$/;

/** The subject at a token, or undefined. */
export function subjectHere(scan: Scan, tokens: readonly Token[], at: number): Subject | undefined {
  const token = tokens[at];
  if (!token || token.sign) return undefined;
  const before = tokens[at - 1]?.word ?? "";
  const joint = (before === "and" || before === "y" || before === "&") && at >= 2;
  const written = subjectAt(tokens, at, scan.text);
  if (written) {
    const other = tokens[at - 2];
    if (joint && written.name === "" && other?.capital) {
      readCouple(scan, tokens, { name: at - 2, verb: at + 1 });
      return { ...written, name: "we" };
    }
    if (joint && other?.word === "me") readCouple(scan, tokens, { name: at, verb: written.next });
    if (joint && written.person === 3 && (other?.capital || other?.word === "me"))
      return { ...written, confidence: 0.3 };
    return { ...written, confidence: written.confidence * distinct(tokens, at, written) };
  }
  // "Guess who moved to Porto".
  if (token.word === "who" && before === "guess") return { ...SPEAKER, next: at + 1 };
  if (/^(?:he|she|his|her|their)$/.test(token.word)) {
    const who = lastPerson(scan);
    return who && { ...who, next: token.word.endsWith("he") ? at + 1 : NOWHERE };
  }
  if (/^(?:my|our|mi)$/.test(token.word)) return { ...SPEAKER, next: NOWHERE };
  if (
    token.word === "me" &&
    /^(?:made|promoted|named|appointed|hired|elected|chose|voted|crowned|bumped)$/.test(before)
  )
    return { ...SPEAKER, next: at + 1 };
  const first = at === 0 || (tokens[at - 1]?.sign ?? false);
  if (scan.spanish && /^(?:de|del|el|un|mi|su|al|otro|nuevo|este|ese|cada|sin|con|por|para|mucho|tu)$/.test(before))
    return undefined;
  if (scan.spanish) return SPANISH_VERBS.has(token.word) ? { ...SPEAKER, next: at } : undefined;
  const joined = /^(?:and|but|so|,|then)$/.test(before);
  if (joined && scan.last && (DROPPED.test(token.word) || /^(?:am|is|have|has)$/.test(token.word))) {
    return { ...scan.last, owner: false, next: at, confidence: scan.last.confidence * 0.95 };
  }
  const comma = before === ",";
  if (first && !(comma && scan.last) && DROPPED.test(token.word)) {
    if (token.word === "seeing" && tokens[at + 1]?.capital !== true) return undefined;
    return { ...SPEAKER, next: at, confidence: comma ? 0.7 : 0.95 };
  }
  if (at === 0 && token.word === "in" && /^(?:a|an)$/.test(tokens[1]?.word ?? ""))
    return { ...SPEAKER, next: at, confidence: 0.9 };
  return undefined;
}

/** Whom "she" means: sure only when one person was named. */
export function lastPerson({ people }: Scan): Subject | undefined {
  const last = [...people].at(-1);
  if (!last) return undefined;
  return {
    name: last[0],
    person: 3,
    next: NOWHERE,
    owner: false,
    confidence: last[1] * (people.size === 1 ? 0.92 : 0.5),
  };
}

/** Less than 1 where the name is set apart from another person of that name: "big Tom", "Tom from the choir". */
function distinct(tokens: readonly Token[], at: number, subject: Subject): number {
  if (subject.person !== 3) return 1;
  const next = tokens[subject.next]?.word ?? "";
  const before = tokens[at - 1]?.word ?? "";
  if (
    /^(?:from|\(|next|of|del|de|the|with|in|at|on|en|upstairs|downstairs|sr|jr|senior|junior|whose|across)$/.test(next)
  )
    return 0.5;
  if (next === "," && !/^(?:who|he|she)$/.test(tokens[subject.next + 1]?.word ?? "")) return 0.5;
  return /^(?:big|small|little|young|old|other|another|our|his|her|their|the|de|del)$/.test(before) ? 0.5 : 1;
}
