/** The lines that begin a turn of a chat transcript. */

export interface TurnLine {
  readonly speaker: string;
  readonly text: string;
  /** As ISO 8601, in UTC when the line names no offset; undefined for a line without a time. */
  readonly createdAt: string | undefined;
}

const WHEN = String.raw`(\d{4})[-/](\d\d)[-/](\d\d)(?:(?:T|,? +)(\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)?)?`;
const TEXT = String.raw`:(?:\s+(.*))?$`;
/** `[2025-03-01 18:30] Ana: text`; programs that export chats put direction marks around. */
const BRACKETED = new RegExp(String.raw`^\u200E?\[${WHEN}\]\s*([^:]{1,60}?)\s*${TEXT}`, "u");
/** `Ana (2025-03-01 18:30): text` */
const PARENTHESISED = new RegExp(String.raw`^([^:()]{1,60}?)\s*\(${WHEN}\)\s*${TEXT}`, "u");
/** `Ana: text`: a name of up to four words. What only looks like one (a URL, a time of day) has no space after its colon. */
const UNDATED = new RegExp(
  String.raw`^(\p{L}[\p{L}\p{M}\p{N}.'’_-]{0,39}(?: [\p{L}\p{N}][\p{L}\p{M}\p{N}.'’_-]{0,39}){0,3})${TEXT}`,
  "u",
);

export function datedTurn(line: string): TurnLine | undefined {
  const bracketed = BRACKETED.exec(line);
  if (bracketed) {
    const [, year, month, day, clock, zone, speaker = "", text = ""] = bracketed;
    return { speaker, text, createdAt: isoTime(year, month, day, clock, zone) };
  }
  const match = PARENTHESISED.exec(line);
  if (!match) return undefined;
  const [, speaker = "", year, month, day, clock, zone, text = ""] = match;
  return { speaker, text, createdAt: isoTime(year, month, day, clock, zone) };
}

export function undatedTurn(line: string): TurnLine | undefined {
  const match = UNDATED.exec(line);
  if (!match) return undefined;
  const [, speaker = "", text = ""] = match;
  return { speaker, text, createdAt: undefined };
}

function isoTime(year = "", month = "", day = "", clock: string | undefined, zone = "Z"): string {
  return clock === undefined ? `${year}-${month}-${day}` : `${year}-${month}-${day}T${clock}${zone}`;
}
