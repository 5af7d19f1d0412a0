/** English patterns: what stands behind a subject, its adverbs taken out. */

import { ENGLISH_HOME } from "./english-home.ts";
import { ENGLISH_PEOPLE } from "./english-people.ts";
import { ENGLISH_WORK } from "./english-work.ts";
import { type Pattern, type PatternSet, patternSet } from "./patterns.ts";

export const ENGLISH: PatternSet = patternSet([...ENGLISH_HOME, ...ENGLISH_WORK, ...ENGLISH_PEOPLE]);

/** What a possessed noun is: "my employer is Maersk", "Ana's husband is Tom". */
export const ENGLISH_NOUNS: readonly (readonly [RegExp, string, Pattern["object"]])[] = [
  [
    /^(?:(?:current|new|home|family|main|permanent|postal|mailing|street|residential|shipping|delivery|present) ){0,2}(?:home base|home|city|address|place|apartment|flat|house|town|base|hometown|residence|domicile) (?:(?:is|are|:|to|should be|should read|should say|has (?:changed|moved) to|changed to|moved to) )(?:an? (?:\w+ ){1,3}(?=in |at |near ))?(?:in |at |near |on )?/,
    "home",
    "place",
  ],
  [
    /^(?:current |new |present )?(?:employer|company|workplace|firm|bosses) (?:is|are|:|,|has changed to|changed to|should be|to) (?:called )?/,
    "employer",
    "organisation",
  ],
  [
    /^(?:current |new |day |main )?(?:job|role|position|gig|work|contract) (?:is|:) (?:now )?(?:at|with|for) (?:the )?/,
    "employer",
    "organisation",
  ],
  [/^first day (?:of work |on the job )?at (?:the )?/, "employer", "company"],
  [
    /^(?:paycheck|pay ?check|salary|wages|pay ?slip|money) (?:comes|is paid|come) (?:from|by) (?:the )?/,
    "employer",
    "organisation",
  ],
  [
    /^(?:current |new |official |full |day )?(?:job title|job|title|role|position|profession|occupation|post) (?:is|:|,|has changed to|changed to|changed from [^,]{2,40} to|should be|should read|should say|became|to) (?:now )?(?:that of |as )?(?:an? |the )?/,
    "jobTitle",
    "title",
  ],
  [/^(?:current )?age (?:is|:|,|should read|should be|to|changed to|has changed to) (?:now )?/, "age", "age"],
  [
    /^divorce (?=(?:is|was|went|came|got|became)\b[^,]{0,20}(?:final|through|done|official|finalised|finalized|granted|signed))/,
    "maritalStatus",
    "divorce",
  ],
  [
    /^(?:marital |relationship |civil )?status (?:is|:|,|to|as|should be|should read|should say|has changed to|changed to|changed from \w+ to) (?:now )?/,
    "maritalStatus",
    "status",
  ],
  [
    /^(?:(?:new|current|lovely|actual) )?(?:husband|wife|partner|boyfriend|girlfriend|fiance|fiancee|spouse)(?: (?:is|name is|'s name is|'s name :|name :|'s name)|:| 's) (?:now )?(?:called |named |an? (?:\w+ ){1,3}(?:called|named) )?/,
    "partner",
    "person",
  ],
  [/^(?:new |current )?(?:time ?zone|tz|timezone) (?:is|:|=|to) /, "timezone", "zone"],
];

export const ENGLISH_SOME_NOUN: RegExp = new RegExp(
  ENGLISH_NOUNS.map(([pattern]) => `(?:${pattern.source})`).join("|"),
);
