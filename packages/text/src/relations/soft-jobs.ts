/** How much a title is somebody's job: people are also captains, coaches and grandmothers. */

import { isJob } from "./jobs.ts";
import type { Token } from "./tokens.ts";

/** Less than 1 for what is hardly a job: "promoted to grandma", "the designated driver", "a singer". */
export function softness(
  tokens: readonly Token[],
  object: { from: number; to: number },
  { words, text, unchecked }: { words: string; text: string; unchecked: boolean },
): number {
  if (MOCK.test(words) || HOUSE.test(text)) return 0.7;
  if (SOFT_JOBS.test(words)) return 0.8;
  return unchecked && !tokens.slice(object.from, object.to).some((token) => isJob(token.word)) ? 0.8 : 1;
}

/** A post in a club or a team, beside the job. */
export function isLeisure(title: string): boolean {
  return LEISURE.test(title);
}

/** A post that ends by its name: "acting", "interim". */
export function isPassing(title: string): boolean {
  return PASSING.test(title);
}

/** What people are beside their job. */
const SOFT_JOBS =
  /\b(?:captain|goalkeeper|referee|umpire|lead|carer|author|writer|poet|artist|singer|musician|dancer|painter|coach|owner|partner|student|host|representative|actor|actress|tutor|photographer|soci[oa]|president|treasurer|secretary)\b/i;
const LEISURE =
  /\b(?:of|for|at|del?|de la) (?:the |our |my |an? |el |la )?(?:[\w'’]+ ){0,2}(?:(?:quiz|football|soccer|rugby|basketball|kids?|chess|bowling|darts|cricket|netball) team|club|committee|choir|band|league|game|play|association|society|church|parish|pta|guild|clan|party|coro|pena)\b/i;
const PASSING = /\b(?:acting|interim|temporary|temp|substitute|stand-in)\b/i;
/** Titles given in fun. */
const MOCK =
  /\b(?:neighbou?rhood|village|street|designated|unofficial|family|household|resident|human|self-appointed|unpaid|honorary|amateur|wannabe|aspiring|would-be|armchair|walking|plant|dog|cat|proud|snacks?|naps?|couch|bedtime|dishes|fun|nothing|better|worse|good|great|bad|terrible|lousy|decent|best|worst|big|huge|natural|born|mean|keen|light|heavy|early|slow|fast|careful|nervous)\b|\b(?:mum|mom|mother|dad|father|son|daughter|kids?|wife|husband|brother|sister|friend|cat|dog)'s /i;
const HOUSE =
  /\b(?:(?:in|of|at) (?:our|my|the) (?:house|home|family|household|kitchen|flat)|for (?:my|our|the) (?:kids?|children|mum|mom|dad|family|parents|cats?|dogs?|grandkids|team|friends|match|neighbou?rs)|at home|en casa|says my|according to my)\b/i;
