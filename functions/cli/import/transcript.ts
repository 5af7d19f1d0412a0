/** Plain chat transcripts: turns over one or more lines, in sessions with blank lines or headings between them. */

import type { BadRow, Parsed, ParseOptions, Row } from "./rows.ts";
import { datedTurn, type TurnLine, undatedTurn } from "./turn-line.ts";

const SAMPLE_LINES = 50;
/** With more turns than this, at least one speaker must speak twice, or it is some other list of `key: value`. */
const FEW_TURNS = 6;
const HEADING = /^\s*(?:#{1,6}\s|[-=*_]{3,}).*$/;

interface Turn extends TurnLine {
  readonly line: number;
  readonly lines: string[];
  /** Blank lines before it. */
  readonly gap: number;
  readonly afterHeading: boolean;
}

/** A dated turn near the beginning, or undated ones from the first line on. */
export function isTranscript(lines: readonly string[]): boolean {
  const sample = lines.filter((line) => line.trim() !== "" && !HEADING.test(line)).slice(0, SAMPLE_LINES);
  if (sample.some((line) => datedTurn(line))) return true;
  if (!sample[0] || !undatedTurn(sample[0])) return false;
  const speakers = sample.flatMap((line) => undatedTurn(line)?.speaker ?? []);
  return speakers.length <= FEW_TURNS || new Set(speakers).size < speakers.length;
}

export function parseTranscript(lines: readonly string[], options: ParseOptions): Pick<Parsed, "rows" | "bad"> {
  const { turns, bad } = readTurns(lines);
  const sessions = sessionsOf(turns);
  const name = options.sessionId ?? options.fileName;
  const isOne = sessions.at(-1) === 1 || sessions.length === 0;
  const rows = turns.map(({ line, speaker, createdAt, lines }, i): Row => {
    const memory = {
      content: lines.join("\n").trim(),
      speaker,
      sessionId: isOne ? name : `${name}-${sessions[i]}`,
      ...(options.userId !== undefined && { userId: options.userId }),
      ...(options.agentId !== undefined && { agentId: options.agentId }),
      ...(createdAt !== undefined && { createdAt }),
    };
    return { line, memory };
  });
  return { rows, bad };
}

function readTurns(lines: readonly string[]): { turns: Turn[]; bad: BadRow[] } {
  const turns: Turn[] = [];
  const bad: BadRow[] = [];
  const isTurn = turnReader(lines);
  // Blank lines and headings: they part sessions if a turn comes next, and belong to the message otherwise.
  let between: string[] = [];
  for (const [i, line] of lines.entries()) {
    const last = turns.at(-1);
    const turn = isTurn(line);
    if (turn) {
      const gap = between.filter((line) => line.trim() === "").length;
      // In a dated file a turn without a time was said at the time of the one before.
      const createdAt = turn.createdAt ?? last?.createdAt;
      turns.push({ ...turn, createdAt, line: i + 1, lines: [turn.text], gap, afterHeading: between.length > gap });
      between = [];
    } else if (line.trim() === "" || (HEADING.test(line) && (between.length > 0 || !last))) {
      between.push(line);
    } else if (last) {
      last.lines.push(...between, line);
      between = [];
    } else {
      bad.push({ line: i + 1, detail: "comes before the first turn" });
    }
  }
  return { turns, bad };
}

/** Where turns have times, a line without one is a turn only if it begins with a name that is known from those. */
function turnReader(lines: readonly string[]): (line: string) => TurnLine | undefined {
  const speakers = new Set(lines.flatMap((line) => datedTurn(line)?.speaker ?? []));
  if (speakers.size === 0) return undatedTurn;
  return (line) => {
    const dated = datedTurn(line);
    if (dated) return dated;
    const turn = undatedTurn(line);
    return turn && speakers.has(turn.speaker) ? turn : undefined;
  };
}

/** The number of each turn's session. Where a blank line follows every turn, it takes two to part sessions. */
function sessionsOf(turns: readonly Turn[]): number[] {
  const isSpaced = turns.length > 2 && turns.slice(1).every(({ gap }) => gap > 0);
  let session = 1;
  return turns.map(({ gap, afterHeading }, i) => {
    if (i > 0 && (afterHeading || gap > (isSpaced ? 1 : 0))) session++;
    return session;
  });
}
