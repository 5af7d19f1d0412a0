/** A memory as one line of a context: data that cannot pass for anything else. */

import type { Memory } from "@nexus/core";

/** A name that reads as itself between the date and the colon; any other is quoted. */
const PLAIN_NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} .'’_-]{0,63}$/u;

/**
 * What could end a line, turn the direction of writing, hide, or begin a tag or a model's special token: written as
 * \uXXXX, which JSON reads back.
 */
const UNSAFE = /[<\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Joiners that emoji and some scripts are written with; they end and hide nothing. */
const JOINERS = new Set(["\u200c", "\u200d"]);

/** Which part of the content is shown, UTF-16 offsets. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * `[1] 2026-05-01 Ana: "…"`. The quoted text is a JSON string: it has no line break and no bare quote, so nothing in it
 * can close its block or open another one.
 */
export function blockOf(memory: Memory, citation: number, now: number, part?: Part): string {
  const { content, createdAt, speaker } = memory;
  const text = part ? content.slice(part.start, part.end) : content;
  const before = part && part.start > 0 ? "…" : "";
  const after = part && part.end < content.length ? "…" : "";
  const head = [`[${citation}] ${dateOf(createdAt)}`, stateOf(memory, now), speaker && nameOf(speaker)];
  return `${head.filter(Boolean).join(" ")}: ${quoted(`${before}${text.trim()}${after}`)}`;
}

/** Whether it has been replaced, or no longer holds. */
export function hasEnded({ status, validTo }: Pick<Memory, "status" | "validTo">, now: number): boolean {
  return status !== "active" || (validTo !== undefined && validTo.getTime() <= now);
}

function stateOf(memory: Memory, now: number): string | undefined {
  if (!hasEnded(memory, now)) return undefined;
  const word = memory.status === "superseded" ? "replaced" : "ended";
  return memory.validTo ? `(${word} ${dateOf(memory.validTo)})` : `(${word})`;
}

function nameOf(speaker: string): string {
  return PLAIN_NAME.test(speaker) ? speaker : quoted(speaker);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(UNSAFE, (character) => {
    if (JOINERS.has(character)) return character;
    return [...Array(character.length).keys()]
      .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`)
      .join("");
  });
}

function dateOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
