/** Relations told in passing: "my sister Ana", "my 40th birthday", "Ana and I split up". */

import { wordsOf } from "./context.ts";
import { organisationAt, phraseAt } from "./objects.ts";
import { isJob } from "./jobs.ts";
import { add, type Scan, viewFrom } from "./scan.ts";
import { kinRelation, nameRun, type Subject } from "./subjects.ts";
import type { Token } from "./tokens.ts";
import { ageAt, statusAt } from "./values.ts";
import { auxiliariesAt, isAdverb } from "./verbs.ts";

/** "Ana and I are together", "Ana and I split up". */
export function readCouple(scan: Scan, tokens: readonly Token[], { name, verb }: { name: number; verb: number }): void {
  if (scan.asking) return;
  const { next, be } = auxiliariesAt(tokens, verb);
  const { words } = viewFrom(tokens, next);
  const together =
    be &&
    /^(?:together|dating|engaged|married|official|back together|going out|partners|husband and wife|a couple|an item|seeing each other|in a relationship) /.test(
      words,
    );
  const apart =
    /^(?:split|broke up|broke it off|broke things off|parted|divorced|got divorced|ended|called it|went our separate ways|drifted apart|are done|are over|are finished|are history|did last|separated|done|over|finished|history|no longer together|nos divorciamos|nos separamos|lo dejamos|rompimos|terminamos|cortamos) /.test(
      words,
    );
  if (!together && !apart) return;
  add(
    scan,
    { tokens, at: name, from: name, to: name + 1 },
    { type: "partner", subject: "", confidence: 0.9, affirmative: together, change: apart },
  );
}

/** "my 40th birthday", "Ana's 40th birthday": past or today, unless the sentence looks ahead. */
export function readBirthday(
  scan: Scan,
  { tokens, at, subject }: { tokens: readonly Token[]; at: number; subject: Subject },
): void {
  const from = subject.owner ? subject.next + 1 : at + 1;
  const age = /^(\d{1,3})(?:st|nd|rd|th)$/.exec(tokens[from]?.word ?? "");
  if (!age || tokens[from + 1]?.word !== "birthday") return;
  const ahead = /\b(?:will|next|going|plan\w*|for|coming|soon|tomorrow|before|until|by|want|ideas?)\b/.test(
    wordsOf(tokens, 0, tokens.length),
  );
  add(
    scan,
    { tokens, at, from, to: from + 2 },
    {
      type: "age",
      subject: subject.name,
      object: age[1],
      confidence: 0.9,
      tense: ahead ? "unsure" : "present",
      change: true,
    },
  );
}

/** "my sister Ana": Ana is the speaker's sister. */
export function readKin(scan: Scan, tokens: readonly Token[], at: number, subject: Subject): void {
  if (!/^(?:my|our|mi)$/.test(tokens[at]?.word ?? "") || subject.person !== 3) return;
  for (let i = at + 1; i < subject.next; i++) {
    const type = kinRelation(tokens[i]?.word ?? "");
    const to = type === undefined ? i : nameRun(tokens, i + 1);
    if (type === undefined || to === i + 1) continue;
    add(
      scan,
      { tokens, at, from: i + 1, to },
      { type, subject: "", confidence: type === "partner" ? 0.7 : 0.85, change: false },
    );
    return;
  }
}

/** Statements without subject and verb, as in profiles: "18 at last!", "nurse at St Mary's", "put divorced as my status". */
export function readFragment(scan: Scan, tokens: readonly Token[]): void {
  let at = 0;
  while (at < 3 && isAdverb(tokens[at]?.word ?? "")) at++;
  const age = /^\d|^(?:one|two|\w+een|\w+ty\b)/.test(tokens[at]?.word ?? "") ? ageAt(tokens, at) : undefined;
  if (
    age &&
    /^(?:at last|now|today|as of|and counting|already|finally|yesterday|since|this (?:morning|week|monday|tuesday)) /.test(
      viewFrom(tokens, age.to).words,
    )
  )
    add(
      scan,
      { tokens, at, from: age.from, to: age.to },
      { type: "age", subject: "", object: age.value, confidence: 0.7, change: true },
    );
  readUpdate(scan, tokens);
  const title = phraseAt(tokens, at);
  const head = title && (tokens[title.to - 1]?.word ?? "");
  if (!title || head === undefined || !isJob(head)) return;
  const next = tokens[title.to];
  const placed = /^(?:at|for|with|en|de)$/.test(next?.word ?? "") && tokens[title.to + 1]?.capital === true;
  const begun = /^(?:current(?:ly)?|now|still|officially|actualmente|ahora)$/.test(tokens[0]?.word ?? "");
  if (!placed && !(begun && (!next || next.sign || /^(?:since|by|in|again|at|for|desde|en)$/.test(next.word)))) return;
  const change = /\b(?:now|as of|these days|ahora)\b/.test(wordsOf(tokens, 0, tokens.length));
  const confidence = 0.85;
  add(scan, { tokens, at, from: title.from, to: title.to }, { type: "jobTitle", subject: "", confidence, change });
  const firm = placed ? organisationAt(tokens, title.to + 1) : undefined;
  if (firm)
    add(scan, { tokens, at, from: firm.from, to: firm.to }, { type: "employer", subject: "", confidence, change });
}

/** "Please put divorced as my marital status", "mark me as single". */
function readUpdate(scan: Scan, tokens: readonly Token[]): void {
  const start = tokens[0]?.word === "please" ? 1 : 0;
  if (!/^(?:put|mark|list|set|file|record|register|change|update)$/.test(tokens[start]?.word ?? "")) return;
  const words = wordsOf(tokens, start, tokens.length);
  if (!/\b(?:me (?:down )?as|status|estado civil)\b/.test(words)) return;
  for (let i = tokens.length - 1; i > start; i--) {
    const status = statusAt(tokens, i);
    if (!status) continue;
    add(
      scan,
      { tokens, at: start, from: i, to: status.to },
      { type: "maritalStatus", subject: "", object: status.value, confidence: 0.95, change: true },
    );
    return;
  }
}
