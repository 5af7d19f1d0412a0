/** Shows how far a long piece of work is: one line that is redrawn on a terminal, now and then a line elsewhere. */

import type { Terminal } from "../terminal.ts";

const BAR_WIDTH = 24;
const REDRAW_MS = 100;
const LINE_MS = 5_000;

export interface Progress {
  update(done: number): void;
  /** Removes the line, so that what follows starts on an empty one. */
  end(): void;
}

export interface ProgressOptions {
  readonly label: string;
  readonly total: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

export function createProgress(terminal: Terminal, { label, total, now }: ProgressOptions): Progress {
  const startedAt = now();
  let shownAt = -Infinity;
  const every = terminal.errIsTty ? REDRAW_MS : LINE_MS;
  return {
    update(done) {
      const time = now();
      if (time - shownAt < every && (done < total || !terminal.errIsTty)) return;
      const isFirst = shownAt === -Infinity;
      shownAt = time;
      if (terminal.errIsTty) terminal.redraw(progressLine(label, done, total, time - startedAt));
      else if (!isFirst) terminal.err(plainLine(label, done, total, time - startedAt));
    },
    end() {
      if (terminal.errIsTty) terminal.redraw("");
    },
  };
}

export function progressLine(label: string, done: number, total: number, elapsedMs: number): string {
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  return `${label} ${bar} ${plainNumbers(done, total, elapsedMs)}`;
}

function plainLine(label: string, done: number, total: number, elapsedMs: number): string {
  return `${label}: ${plainNumbers(done, total, elapsedMs)}`;
}

function plainNumbers(done: number, total: number, elapsedMs: number): string {
  const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
  const rate = elapsedMs > 0 ? (done / elapsedMs) * 1_000 : 0;
  const parts = [`${count(done)} of ${count(total)} (${percent} %)`];
  if (rate > 0) parts.push(`${count(Math.round(rate))}/s`);
  if (rate > 0 && done < total) parts.push(`${duration(((total - done) / rate) * 1_000)} left`);
  return parts.join(" · ");
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
