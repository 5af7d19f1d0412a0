/** Prints the results of a search for people. */

import type { SearchAnswer } from "@nexus/client";
import type { Terminal } from "../terminal.ts";
import { createPaint, type Paint, printable } from "./paint.ts";
import { type Line, wrap } from "./wrap.ts";

type Result = SearchAnswer["results"][number];

const INDENT = "    ";
/** Longer lines are hard to read, and shorter ones are all breaks. */
const LONGEST_LINE = 100;
const SHORTEST_LINE = 24;

export interface ResultOptions {
  /** With the factors behind each score. */
  readonly weights?: SearchAnswer["weights"];
}

/** A number, score, date and speaker; the text with what matched; why it was found. */
export function printResult(terminal: Terminal, result: Result, number: number, options: ResultOptions = {}): void {
  const paint = createPaint(terminal.colour);
  const { score, createdAt, speaker, explanation, superseded } = result;
  const head = [
    paint.bold(`${number}.`.padEnd(INDENT.length)) + score.toFixed(2),
    createdAt.slice(0, 10),
    ...(speaker === null ? [] : [paint.bold(printable(speaker).replaceAll("\n", " "))]),
    ...(superseded ? [paint.dim("superseded")] : []),
  ];
  terminal.out(head.join("  "));
  const width = terminal.width && Math.max(SHORTEST_LINE, Math.min(terminal.width, LONGEST_LINE) - INDENT.length);
  const text = printable(result.memory);
  for (const line of wrap(text, width)) terminal.out(`${INDENT}${highlighted(text, line, result.spans, paint)}`);
  const reasons = [printable(explanation), ...(options.weights ? [factorsOf(result, options.weights)] : [])];
  for (const reason of reasons) {
    for (const { start, end } of wrap(reason, width)) terminal.out(`${INDENT}${paint.dim(reason.slice(start, end))}`);
  }
}

/** How many there are, how sure the answer is, how it was found, and which sources kept silent. */
export function summaryOf({ results, confidence, path, latencyMs, cache, skipped }: SearchAnswer): string {
  return [
    `${results.length} ${results.length === 1 ? "result" : "results"}`,
    `confidence ${confidence.toFixed(2)}`,
    `path ${path}${cache.tier === null ? "" : ` from the cache`}`,
    `${latencyMs.toFixed(1)} ms`,
    ...skipped.map(({ source, reason }) => `without ${source} (${reason})`),
  ].join(" · ");
}

/** The part of a text on one line, with the parts of spans in it marked. */
export function highlighted(text: string, { start, end }: Line, spans: Result["spans"], paint: Paint): string {
  let marked = "";
  let at = start;
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const from = Math.max(span.start, at);
    const to = Math.min(span.end, end);
    if (from >= to) continue;
    marked += text.slice(at, from) + paint.match(text.slice(from, to));
    at = to;
  }
  return marked + text.slice(at, end);
}

function factorsOf({ factors, sources, id }: Result, weights: NonNullable<SearchAnswer["weights"]>): string {
  const { agreement, ...others } = factors;
  const terms = Object.entries(others).flatMap(([name, value]) => {
    const weight = weights[name as keyof typeof weights];
    return weight === 0 ? [] : [`${name} ${value.toFixed(2)} × ${weight.toFixed(2)}`];
  });
  return `(${terms.join(" + ")}) × ${agreement.toFixed(2)} for agreement; from ${sources.join(", ")}; id ${id}`;
}
