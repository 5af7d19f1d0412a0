/** English patterns of age, marital status, partner, time zone and the many-valued relations. */

import type { Pattern } from "./patterns.ts";

/** Nothing follows that would make it a meeting: "seeing Ana tonight". */
const AT_REST = /^(?:$|[,.!;:]|and |so |but |since |because |these )/;

export const ENGLISH_PEOPLE: readonly Pattern[] = [
  // Age
  { type: "age", pattern: /^turned (?:the big )?/, object: "age", event: true },
  {
    type: "age",
    pattern: /^(?:reached|hit|made it to) (?:the (?:big|ripe old age of) )?/,
    object: "age",
    event: true,
    after: /^(?:$|[,.;!]|today|yesterday|last|this|in |on (?!the)|and|so|but|years)/,
  },
  { type: "age", pattern: /^(?:turning|turn|turns) (?=[\w-]+ today\b)/, object: "age", event: true },
  { type: "age", pattern: /^(?:turning|turn|turns) /, object: "age", tense: "future" },
  { type: "age", pattern: /^(?:aged |an? (?=\d))/, object: "age", be: true },
  { type: "age", pattern: /^/, object: "age", be: true, full: true, after: /^(?!(?:on|next|tomorrow|in|soon) )/ },
  // Marital status
  {
    type: "maritalStatus",
    pattern:
      /^(?:(?:legally|a|an|in a|officially|happily|back to being) )?(?=(?:married|divorced|engaged|single|widowed|separated|widow|widower|divorcee|bachelor|unmarried|newlyweds?|hitched|betrothed|unattached|civil partnership|remarried)\b)/,
    object: "status",
    be: true,
  },
  {
    type: "maritalStatus",
    pattern:
      /^(?:got |gotten |became (?:an? )?|become (?:an? )?)(?=(?:married|divorced|engaged|remarried|separated|hitched|widow|widower|widowed|single)\b)/,
    object: "status",
    event: true,
  },
  {
    type: "maritalStatus",
    pattern:
      /^(?=(?:remarried|divorced|separated|married) *(?:$|[,.]|in|last|this|after|on|from|again|yesterday|at (?:the|a) (?:town|city|registry|court|church)))/,
    object: "status",
    event: true,
  },
  {
    type: "maritalStatus",
    pattern: /^(?:getting )(?=(?:married|divorced|engaged)\b)/,
    object: "status",
    tense: "future",
  },
  {
    type: "maritalStatus",
    pattern:
      /^(?:tied the knot|said i do|said our vows|exchanged (?:vows|rings)|walked down the aisle|had our wedding|husband and wife|wife and wife|husband and husband|became (?:husband and wife|mr and mrs)|eloped|wed|made it legal|got wed) /,
    object: "status",
    value: "married",
    event: true,
  },
  {
    type: "maritalStatus",
    pattern: /^an? (?:newly |freshly )?married (?:man|woman|person) /,
    object: "status",
    value: "married",
    be: true,
  },
  {
    type: "maritalStatus",
    pattern: /^(?:(?:proposed|popped the question|asked (?:her|him)) (?:and|,) (?:she|he|they) said yes) /,
    object: "status",
    value: "engaged",
    event: true,
    confidence: 0.8,
  },
  {
    type: "maritalStatus",
    pattern: /^(?:signed (?:the|our) divorce papers|finali[sz]ed (?:the|our) divorce|got (?:a|my|the) divorce) /,
    object: "status",
    value: "divorced",
    event: true,
  },
  {
    type: "maritalStatus",
    pattern: /^in a (?:\w+ )?relationship /,
    object: "status",
    value: "in a relationship",
    be: true,
    after: /^(?!with my )/,
  },
  {
    type: "maritalStatus",
    pattern: /^(?:lost|buried) my (?:husband|wife) /,
    object: "status",
    value: "widowed",
    event: true,
    confidence: 0.8,
  },
  // Partner
  {
    type: "partner",
    pattern:
      /^(?:broke up with|broke (?:it|things) off with|called it quits with|called it off with|finished (?:it|things) with|over|done with|no longer with|split up with|split with|split from|separated from|divorced|dumped|ended (?:it|things) with|parted ways with|finished with|not with) /,
    object: "person",
    event: true,
    affirmative: false,
  },
  {
    type: "partner",
    pattern:
      /^(?:dating|going out with|living with my (?:\w+ )?(?:girlfriend|boyfriend|partner)|in love with|going steady with|in a relationship with|married to|engaged to|together with) (?:a (?:guy|man|woman|girl) (?:called|named) )?/,
    object: "person",
    be: true,
  },
  { type: "partner", pattern: /^seeing /, object: "person", be: true, after: AT_REST },
  { type: "partner", pattern: /^with /, object: "person", be: true, confidence: 0.7, after: AT_REST },
  { type: "partner", pattern: /^with an? (?:guy|man|woman|girl) (?:called|named) /, object: "person", be: true },
  {
    type: "partner",
    pattern:
      /^(?:married|got together with|got engaged to|got married to|remarried to|got back together with|started dating|started seeing|started going out with|moved in with my (?:\w+ )?(?:girlfriend|boyfriend|partner)) /,
    object: "person",
    event: true,
    confidence: 0.95,
  },
  {
    type: "partner",
    pattern:
      /^(?:have|has|got|found) (?:a|an|my) (?:new )?(?:husband|wife|partner|boyfriend|girlfriend|fiance|fiancee) ,? ?(?:called |named )?/,
    object: "person",
    event: true,
  },
  // Time zone
  {
    type: "timezone",
    pattern:
      /^(?:in|on|operate on|operating on|working on|work on|run on|live on|switched to|moved to|over to) (?:the )?/,
    object: "zone",
  },
  // Many-valued
  {
    type: "likes",
    pattern: /^(?:like|likes|love|loves|enjoy|enjoys|adore|adores|prefer|prefers) (?:to )?/,
    object: "phrase",
    confidence: 0.8,
  },
  {
    type: "likes",
    pattern: /^(?:fond of|into|crazy about|a (?:big |huge )?fan of|keen on|obsessed with) /,
    object: "phrase",
    be: true,
    confidence: 0.8,
  },
  {
    type: "dislikes",
    pattern: /^(?:hate|hates|dislike|dislikes|can not stand|detest|detests|loathe) /,
    object: "phrase",
    confidence: 0.8,
  },
  {
    type: "owns",
    pattern:
      /^(?:have|has|own|owns|adopted|bought|got) (?:an? |two |three |my own )(?:\w+ ){0,2}(?=(?:dog|cat|puppy|kitten|horse|rabbit|parrot|hamster|car|bike|bicycle|motorbike|boat|house|piano|guitar|tortoise|greyhound|van)s?\b)/,
    object: "phrase",
    confidence: 0.75,
  },
  {
    type: "visited",
    pattern: /^(?:visited|been to|went to|travelled to|traveled to|flew to|toured) /,
    object: "named-place",
    confidence: 0.75,
  },
  {
    type: "studies",
    pattern: /^(?:study|studies|studying|majoring in|major in|studied|learning) /,
    object: "phrase",
    confidence: 0.75,
  },
  { type: "speaks", pattern: /^(?:speak|speaks|speaking) /, object: "phrase", confidence: 0.75 },
  { type: "from", pattern: /^(?:from|originally from|born in) /, object: "named-place", be: true, confidence: 0.8 },
  { type: "from", pattern: /^(?:grew up in|come from|comes from) /, object: "named-place", confidence: 0.8 },
  {
    type: "memberOf",
    pattern:
      /^(?:sing in|sings in|play in|plays in|play for|plays for|belong to|belongs to|(?:a )?member of|joined) (?:the |an? |my )?/,
    object: "phrase",
    confidence: 0.7,
  },
  { type: "knows", pattern: /^(?:know|knows|met|befriended) /, object: "person", confidence: 0.7 },
  {
    type: "created",
    pattern: /^(?:founded|wrote|created|built|composed|designed|invented) (?:the |an? |my )?/,
    object: "phrase",
    confidence: 0.65,
  },
];
