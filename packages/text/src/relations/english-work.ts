/** English patterns of employer and job. */

import type { Pattern } from "./patterns.ts";

const GOT =
  "(?:(?:got|took|taken|accepted|landed|found|have|has|ve got|secured|scored|starting|started|begun|began|picked up) (?:up )?(?:a |an |the |my )?(?:new |offer |great |permanent |full time )?(?:job|role|position|gig|post|contract)|(?:took|taken|accepted|signed) (?:a |an |the |my |their )?(?:new |great |job )?offer)";
const ORG_EVENT = `(?:(?:started|begun|began) (?:over |out )?(?:working |work |a job |a new job |my new job |my new role |a new role )?(?:at|with|for)|${GOT} (?:at|with|from)|(?:got|was|been|am|is)? ?(?:hired|taken on|recruited|poached|snapped up|headhunted) (?:by|at)|moved over to|gone over to|went over to|crossed over to|transferred to|jumped ship to|moved jobs to|(?:switched|changed) (?:jobs|employers|companies|firms) (?:and (?:am|joined) (?:at |with )?|to )?|went to work (?:for|at)|gone to work (?:for|at)|come on board (?:at|with)|came on board (?:at|with))`;
/** What people do somewhere for a living. */
const TRADES =
  "(?:bake|bakes|baking|cook|cooks|cooking|nurse|nurses|nursing|teach|teaches|teaching|code|codes|coding|program|programming|clean|cleans|cleaning|bartend|bartends|bartending|tend bar|wait tables|waitress|waiting tables|manage|manages|managing|drive|drives|driving|deliver|delivers|delivering|write|writes|writing|report|reports|reporting|edit|edits|editing|design|designs|designing|lecture|lectures|lecturing|consult|consulting|weld|welds|welding|doing \\w+|do \\w+|run \\w+|running \\w+)";
const CLOSE = /^(?:$|[,.]|and|in|now|for|since|on|but|still|these|as|full|so|again|over|after)/;

export const ENGLISH_WORK: readonly Pattern[] = [
  // Employer
  {
    type: "employer",
    pattern: /^(?:work|works|working|employed|been working|been employed) (?:\w+ly |there |over |out )?(?:at|for|by) /,
    object: "organisation",
  },
  { type: "employer", pattern: /^(?:work|works|working) with /, object: "company", confidence: 0.7 },
  {
    type: "employer",
    pattern:
      /^(?:left|quit|ditched|swapped|dropped|exchanged|switched(?: over)? from|jumped from|went from|gone from|moved from|transferred from|traded|resigned from) [^,]{2,40}? (?:for|to|and joined|and started (?:at|with)|and (?:work|am) (?:now )?(?:for|at|with)) /,
    object: "company",
    event: true,
    confidence: 0.9,
  },
  {
    type: "employer",
    pattern: /^(?:an? |the |one of the )(?:[\w-]+ ){1,4}(?:at|for) (?:the )?/,
    object: "company",
    be: true,
    trade: true,
    after: CLOSE,
    confidence: 0.9,
  },
  {
    type: "employer",
    pattern: /^(?:work|works|working|been working) (?:there )?as (?:an? |the )?(?:[\w-]+ ){1,4}(?:at|for|in|with) /,
    object: "company",
  },
  {
    type: "employer",
    pattern: /^(?:work|works|working) (?:in|on|behind) (?:the )?(?:[\w-]+ ){1,3}(?:at|for|of) /,
    object: "company",
    confidence: 0.9,
  },
  { type: "employer", pattern: new RegExp(`^${ORG_EVENT} `), object: "organisation", event: true, confidence: 0.95 },
  { type: "employer", pattern: new RegExp(`^${TRADES} at `), object: "company", confidence: 0.85 },
  {
    type: "employer",
    pattern:
      /^(?:joined|signed (?:on )?with|signed (?:on )?at|signed for|started (?:at|with|for)) (?:the )?(?:team at )?/,
    object: "company",
    after: /^(?!as an? (?:member|volunteer|subscriber|customer)|membership|club|gym|choir|band)/,
    event: true,
    confidence: 0.95,
  },
  {
    type: "employer",
    pattern: /^joined (?=an? (?:\w+ )?(?:startup|company|firm|agency|practice|consultancy)\b)/,
    object: "organisation",
    event: true,
    confidence: 0.9,
  },
  {
    type: "employer",
    pattern: /^(?:switched|jumped|transferred|moved|shifted|defected) (?:over )?(?:from [^,]{2,30} )?to /,
    object: "company",
    event: true,
    confidence: 0.7,
  },
  { type: "employer", pattern: /^(?:worked|was employed) (?:at|for|by|with) /, object: "organisation", tense: "past" },
  {
    type: "employer",
    pattern: /^(?:been )?(?:at|part of the team at|on the team at|over at|back at) (?:the )?/,
    object: "company",
    be: true,
    confidence: 0.8,
  },
  {
    type: "employer",
    pattern:
      /^(?:been )?(?:at|with) (?=an? (?:[\w-]+ ){0,2}(?:startup|start-up|company|firm|agency|bank|bakery|clinic|hospital|school|studio|consultancy|practice|co-op|charity|ngo|lab|restaurant|hotel|shop)\b)/,
    object: "organisation",
    be: true,
    confidence: 0.85,
  },
  {
    type: "employer",
    pattern:
      /^(?:been )?(?:on staff (?:at|with)|employed (?:at|with|by)|part of the (?:\w+ )?team at|on the (?:\w+ )?team at|on the payroll (?:at|of)|under contract (?:at|with|to)|contracted (?:at|with|to)|an? (?:\w+ )?employee (?:at|of|with)|working (?:at|for)) (?:the )?/,
    object: "company",
    be: true,
  },
  { type: "employer", pattern: /^(?:been )?with (?:the )?/, object: "company", be: true, confidence: 0.7 },
  {
    type: "employer",
    pattern:
      /^(?:left|quit|resigned from|leaving|done (?:at|with)|finished (?:at|with)|through with|out of|no longer (?:at|with)|got fired from|(?:got|was|been) (?:laid off|let go|made redundant|fired|sacked) (?:from|by|at)|laid off (?:from|by)|handed in my notice at|parted ways with|retired from|walked out of|gave notice at) /,
    object: "company",
    affirmative: false,
    event: true,
  },
  { type: "employer", pattern: /^(?:joining|starting at|starting with) /, object: "company", tense: "future" },
  // Job title
  {
    type: "jobTitle",
    pattern:
      /^(?:work|works|working|serve|serves|serving|been working|employed|been employed) (?:there )?as (?:an? |the )?/,
    object: "title",
  },
  {
    type: "jobTitle",
    pattern:
      /^(?:got |been |was |was just )?(?:promoted|elevated|bumped up|bumped|upgraded|moved up|stepped up|risen|rose) to (?:be |being )?(?:an? |the )?/,
    object: "title",
    event: true,
  },
  {
    type: "jobTitle",
    pattern:
      /^(?:started|hired|retrained|appointed|qualified|requalified|took over|taken over|taken on|took on|certified|sworn in|elected|installed) (?:working |out |a job |a new job |my new job |a new role |my new role |on )?as (?:an? |the )?/,
    object: "title",
    event: true,
  },
  {
    type: "jobTitle",
    pattern:
      /^(?:(?:switched|moved|changed|gone|went|transferred|jumped) (?:over |up |jobs |roles |careers )?from (?:being )?(?:an? )?[^,]{2,40}?|(?:switched|transferred|retrained|moved up|worked my way up) (?:over |up |jobs |roles |careers )?) ?(?:to|into) (?:being |be |become |working as )?(?:an? |the )?/,
    object: "job",
    event: true,
    confidence: 0.9,
  },
  {
    type: "jobTitle",
    pattern:
      /^(?:got|took|accepted|landed|have|has|been given|given|been offered and took|won|stepped into|moved into|started in) (?:the|my|a|an) (?:new )?(?=(?:[\w-]+ ){1,4}(?:job|position|role|post|title)\b)/,
    object: "job-role",
    event: true,
  },
  { type: "jobTitle", pattern: /^(?:became|become|made|named) (?:an? |the )?/, object: "job", event: true },
  { type: "jobTitle", pattern: /^(?:to |as )?(?:an? |the )?/, object: "job", me: true, event: true },
  { type: "jobTitle", pattern: /^(?:an? |the |our |their |your )?/, object: "job", be: true, full: true },
];
