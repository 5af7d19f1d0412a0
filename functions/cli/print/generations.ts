/** Prints whose vectors the memories have, how far new ones are, and how those compare. */

import type { Job, VectorGenerations } from "@nexus/client";
import { withoutOrigin } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import { createPaint, printable } from "./paint.ts";
import { progressLine } from "./progress.ts";
import { wrap } from "./wrap.ts";

type Next = NonNullable<VectorGenerations["next"]>;
type Generation = NonNullable<VectorGenerations["active"]>;
type Comparison = NonNullable<Next["comparison"]>;

const LABEL_WIDTH = 14;
const SHORTEST_LINE = 24;
const LONGEST_LINE = 100;

interface Shown {
  /** The job that fills the next generation. */
  readonly filling: Job | undefined;
  /** The comparison after which the one in use was taken into use. */
  readonly compared: Comparison | undefined;
  readonly now: number;
}

export function printGenerations(
  terminal: Terminal,
  { active, next, previous, refused }: VectorGenerations,
  { filling, compared, now }: Shown,
): void {
  const paint = createPaint(terminal.colour);
  const width = terminal.width && Math.max(SHORTEST_LINE, Math.min(terminal.width, LONGEST_LINE) - LABEL_WIDTH);
  const line = (label: string, text: string): void => terminal.out(label.padEnd(LABEL_WIDTH) + text);
  const below = (text: string): void => {
    for (const { start, end } of wrap(text, width)) line("", paint.dim(text.slice(start, end)));
  };
  const generation = (label: string, { number, name, model, startedAt }: Generation): void => {
    const begun = `begun ${startedAt.slice(0, 16).replace("T", " ")}`;
    line(label, `${paint.bold(`${number}.`)} ${printable(name)}  ${paint.dim(`${begun}, ${printable(model)}`)}`);
  };

  if (active) generation("in use", active);
  else line("in use", "the built-in model alone");
  if (active && compared) below(sentencesOf(compared));
  if (next) {
    generation(next.comparison ? "waits" : "being filled", next);
    if (next.comparison) below(`${sentencesOf(next.comparison)} ${WAITS}`);
    else below(stateOf(filling, now - Date.parse(next.startedAt)));
  }
  if (previous) generation("kept", previous);
  for (const model of refused) line("rolled back", printable(model));
  if (refused.length > 0) below("Begins again only after: nexus models switch refill");
}

/** The newest job that walks over all memories: those of single writes count nothing. */
export function fillingOf(jobs: readonly Job[]): Job | undefined {
  const open = jobs.filter(({ status }) => status === "queued" || status === "running");
  const walks = ({ progress }: Job): boolean => progress.total > 0;
  return open.find(walks) ?? open.at(-1) ?? jobs.find((job) => job.status === "failed" && walks(job));
}

/** What the job that filled a generation found out. */
export function comparedFor(number: number, jobs: readonly Job[]): Comparison | undefined {
  for (const { status, result } of jobs) {
    const { generation, comparison } = (result ?? {}) as { generation?: unknown; comparison?: Comparison };
    if (status === "done" && generation === number && comparison) return comparison;
  }
  return undefined;
}

const WAITS = "They find their own memories far less often, so they wait for: nexus models switch cutOver";

function sentencesOf({ queries, overlapAt10, selfAt10, selfAt10InUse, p95Ms }: Comparison): string {
  if (queries === 0) return "There was no memory to compare by.";
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return [
    `Compared by the beginnings of ${queries} memories: ${percent(selfAt10)} are among their own ten nearest,`,
    `${percent(selfAt10InUse)} by the vectors used before; both agree on ${percent(overlapAt10)} of the ten.`,
    `A query takes ${p95Ms.toFixed(1)} ms (p95).`,
  ].join(" ");
}

function stateOf(job: Job | undefined, elapsedMs: number): string {
  if (!job) return "Its job is not among the latest.";
  const { detail = "nothing says why", code = "job.failed" } = job.error ?? {};
  if (job.status === "failed") return `Its job failed: ${withoutOrigin(detail)} (${code})`;
  const { done, total } = job.progress;
  return total === 0
    ? "Its job waits for its turn, or has just begun."
    : progressLine("memories", done, total, elapsedMs);
}
