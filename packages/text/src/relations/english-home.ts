/** English patterns of where somebody lives. */

import type { Pattern } from "./patterns.ts";

const DWELLING =
  "(?:room|flat|apartment|house|place|studio|dorm|condo|home|cottage|bungalow|maisonette|duplex|loft|townhouse|farmhouse|cabin|houseboat|caravan|bedsit|basement|attic|villa|trailer|unit|flatshare|house ?share|granny flat)";
const WAY =
  "(?:back |out |over |away |up |down |home |house |in |here |across |north |south |east |west |on |abroad )?";
const COMPANY = "(?:(?:here|out|over|up|down|alone|together|with (?:\\w+ ){1,3}) ?)?";

/** Not "for my pottery", "to let", "as an investment". */
const NOT_LET = /^(?!(?:for|to let|to rent|as an?) )/;

export const ENGLISH_HOME: readonly Pattern[] = [
  {
    type: "home",
    pattern: new RegExp(`^(?:live|lives|reside|resides|stay|stays|dwell|dwells) ${COMPANY}(?:in|at|on|near|outside) `),
    object: "place",
  },
  {
    type: "home",
    pattern: new RegExp(
      `^(?:been )?(?:living|residing|based|settled|located|housed|domiciled) ${COMPANY}(?:in|at|on|near|outside) `,
    ),
    object: "place",
    be: true,
  },
  {
    type: "home",
    pattern: new RegExp(
      `^(?:moved|relocated|emigrated|immigrated|resettled|shifted|moved house|moved home|transplanted (?:myself|ourselves)|(?:up|upped|pulled up) (?:sticks|stakes|roots)(?: and moved)?|packed (?:up|everything|our bags|my bags|up [^,]{2,24}?) and (?:moved|relocated|left|went)|made the move|done the move|finished (?:moving|the move)) ${WAY}${WAY}(?:(?:with|together with) (?:\\w+ ){1,3})?(?:from [^,]{2,30} )?(?:to|into) `,
    ),
    object: "place",
    event: true,
  },
  {
    type: "home",
    pattern: /^(?:moved (?:back )?in(?:to)? (?:with (?:\w+ ){1,3})?(?:in|at|near)|moved into [^,]{2,30} in) /,
    object: "place",
    event: true,
    confidence: 0.9,
  },
  {
    type: "home",
    pattern: /^(?:moved|gone|gone off|relocated) from [^,]{2,30} to /,
    object: "place",
    event: true,
    confidence: 0.9,
  },
  // The place left is in between: sure once the older statement names it.
  {
    type: "home",
    pattern:
      /^(?:left|swapped|traded|exchanged|gave up|ditched|quit|switched|changed|said goodbye to|given up|sold up in|packed up|left behind) [^,]{2,40}? (?:for|and (?:am|are|now|now live in|live in|am in|are in|moved to|settled in)) /,
    object: "named-place",
    event: true,
    confidence: 0.65,
  },
  {
    type: "home",
    pattern:
      /^(?:moved out of|moved away from|left|packed up|sold up in|no longer in|done with|given up on|(?:gave|handed) back the keys (?:in|to)|(?:sold|gave up|left|let go of) (?:the|my|our|her|his) (?:flat|house|place|home|apartment|room) in) /,
    object: "named-place",
    event: true,
    affirmative: false,
    confidence: 0.9,
  },
  { type: "home", pattern: /^settled (?:down )?(?:in|into) /, object: "place", event: true },
  {
    type: "home",
    pattern: /^(?:put down roots|set up home|set up house|made (?:a|my|our) home|made a life|started over) in /,
    object: "place",
    event: true,
    confidence: 0.9,
  },
  { type: "home", pattern: /^(?:ended up|wound up|landed) (?:living )?in /, object: "named-place", confidence: 0.65 },
  {
    type: "home",
    pattern: /^(?:moving|relocating|emigrating) (?:back |out |over )?(?:to|into) /,
    object: "place",
    tense: "future",
  },
  { type: "home", pattern: /^(?:move|relocate) (?:back |out |over )?to /, object: "place", tense: "future" },
  { type: "home", pattern: /^lived (?:in|at|near) /, object: "place", tense: "past" },
  {
    type: "home",
    pattern: new RegExp(
      `^(?:rent|rents|renting|own|owns|have|has|share|shares|sharing) (?:a|an|my own|our own|the) (?:\\w+ ){0,2}${DWELLING} (?:in|at|near|on) `,
    ),
    object: "place",
    after: NOT_LET,
    confidence: 0.85,
  },
  {
    type: "home",
    pattern: new RegExp(
      `^(?:in|living in|settled in|settled into) (?:a|an|my own|our own|the|our|my) (?:[\\w-]+ ){0,3}${DWELLING} (?:in|at|near|on|outside) `,
    ),
    object: "place",
    be: true,
    confidence: 0.9,
  },
  {
    type: "home",
    pattern: new RegExp(
      `^(?:bought|rented|found|got|signed (?:a|the) lease (?:on|for)|closed on|got the keys (?:to|for)|moved into|took) (?:a|an|my own|our own|the|our|my) (?:\\w+ ){0,2}${DWELLING} (?:in|at|near|on) `,
    ),
    object: "place",
    event: true,
    after: NOT_LET,
    confidence: 0.8,
  },
  {
    type: "home",
    pattern: /^(?:in|back in|over in|out in|up in|down in) /,
    object: "named-place",
    be: true,
    confidence: 0.65,
  },
  {
    type: "home",
    pattern: /^an? (?=[\w ]{3,30} (?:resident|local|dweller)\b)/,
    object: "named-place",
    be: true,
    after: /^(?:resident|local|dweller)\b/,
  },
  { type: "home", pattern: /^(?:an? )?(?:resident of|local in|resident in) /, object: "named-place", be: true },
  { type: "home", pattern: /^been in /, object: "named-place", after: /^since /, confidence: 0.8 },
  {
    type: "home",
    pattern: /^(?:moved|are|am) out of [^,]{2,24} and (?:in|into|to) /,
    object: "named-place",
    event: true,
    confidence: 0.9,
  },
  {
    type: "home",
    pattern: /^(?:sold|gave up) [^,]{2,40} and (?:bought|rented|found|got) (?:one|another|a \w+) (?:in|near) /,
    object: "named-place",
    event: true,
    confidence: 0.8,
  },
  { type: "home", pattern: /^call /, object: "place", after: /^(?:my |our )?home\b/ },
];
