/** The keyword factor: what the words of a memory, those around it and their kind say of its relevance. */

import { CUES } from "@nexus/text";
import type { FusionSettings } from "../defaults.ts";
import type { FactorContext } from "./factors.ts";
import type { Candidate } from "./join.ts";
import { closeness } from "./moment.ts";

/** A part of the factor, 0…1 for each memory; the setting that says how much it counts. */
export type Share = Extract<keyof FusionSettings, `${string}Share`>;
export type KeywordParts = Readonly<Record<Share, number>>;

export const SHARES: readonly Share[] = [
  "ownShare",
  "besideShare",
  "sessionShare",
  "answerShare",
  "speakerShare",
  "statementShare",
  "kindShare",
  "graphShare",
];

/**
 * Σ share · part over the shares of the parts that apply, at most 1: where nobody speaks, texts have no sessions or the
 * query names no date, their words count for as much as elsewhere words and structure together.
 */
export function keywordFactors(candidates: readonly Candidate[], context: FactorContext): number[] {
  const { settings } = context;
  const all = keywordParts(candidates, context);
  const applying = SHARES.filter((share) => ALWAYS.has(share) || all.some((parts) => differs(share, parts[share])));
  const whole = applying.reduce((sum, share) => sum + settings[share], 0) || 1;
  return all.map((parts) =>
    Math.min(1, applying.reduce((sum, share) => sum + settings[share] * parts[share], 0) / whole),
  );
}

/** A text that matches in none of its words is no better for it. */
const ALWAYS: ReadonlySet<Share> = new Set(["ownShare", "besideShare"]);

/** Whether a part tells this memory from one of which nothing is known: most are no question. */
function differs(share: Share, part: number): boolean {
  return share === "statementShare" ? part < 1 : part > 0;
}

/** BM25 and what is made of it over the highest among the candidates; the others 0 or 1, between them for dates. */
export function keywordParts(
  candidates: readonly Candidate[],
  { ceiling, words, asks, dates }: Omit<FactorContext, "settings">,
): KeywordParts[] {
  // A weak best match must not count as 1: at least half of what a perfect one would reach.
  const least = Math.max(ceiling / 2, Number.MIN_VALUE);
  const top = (part: "bm25" | "beside" | "session", lowest: number): number =>
    candidates.reduce((highest, candidate) => Math.max(highest, candidate[part]), lowest);
  const [bm25Top, besideTop, sessionTop] = [top("bm25", least), top("beside", least), top("session", Number.MIN_VALUE)];
  return candidates.map(({ bm25, beside, answers, session, graph, cues, payload }) => ({
    ownShare: bm25 / bm25Top,
    besideShare: beside / besideTop,
    sessionShare: session / sessionTop,
    answerShare: Math.min(1, answers / bm25Top),
    speakerShare: Number(isNamed(payload.speaker, words)),
    statementShare: Number((cues & QUESTION) === 0),
    kindShare: Number((cues & asks) !== 0) + (dates.length > 0 ? closeness(payload, dates) : 0),
    graphShare: Math.min(1, graph / SINGLE),
  }));
}

/** Activation over a name that one memory alone has: a name that many have links less. */
const SINGLE: number = 1 / Math.log(Math.E + 1);

const QUESTION: number = 1 << CUES.indexOf("question");

/** Whether one of the words is the speaker's name, or a part of it. */
function isNamed(speaker: string | undefined, words: ReadonlySet<string>): boolean {
  return (
    speaker !== undefined &&
    speaker
      .toLowerCase()
      .split(/\s+/u)
      .some((name) => words.has(name))
  );
}
