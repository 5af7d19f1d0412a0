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
  /** How an amount is written; a plain number if left out. */
  readonly amount?: (value: number) => string;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

export function createProgress(terminal: Terminal, { label, total, amount = count, now }: ProgressOptions): Progress {
  const startedAt = now();
  let shownAt = -Infinity;
  const every = terminal.errIsTty ? REDRAW_MS : LINE_MS;
  return {
    update(done) {
      const time = now();
      if (time - shownAt < every && (done < total || !terminal.errIsTty)) return;
      const isFirst = shownAt === -Infinity;
      shownAt = time;
      if (terminal.errIsTty) terminal.redraw(progressLine(label, done, total, time - startedAt, amount));
      else if (!isFirst) terminal.err(`${label}: ${plainNumbers(done, total, time - startedAt, amount)}`);
    },
    end() {
      if (terminal.errIsTty) terminal.redraw("");
    },
  };
}

export function progressLine(
  label: string,
  done: number,
  total: number,
  elapsedMs: number,
  amount: (value: number) => string = count,
): string {
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  return `${label} ${bar} ${plainNumbers(done, total, elapsedMs, amount)}`;
}

function plainNumbers(done: number, total: number, elapsedMs: number, amount: (value: number) => string): string {
  const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
  const rate = elapsedMs > 0 ? (done / elapsedMs) * 1_000 : 0;
  const parts = [`${amount(done)} of ${amount(total)} (${percent} %)`];
  if (rate > 0) parts.push(`${amount(Math.round(rate))}/s`);
  if (rate > 0 && done < total) parts.push(`${duration(((total - done) / rate) * 1_000)} left`);
  return parts.join(" · ");
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** `512 B`, `1.5 MB`, `2.1 GB`, in powers of ten, as disks and lines are sold. */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 999_950_000 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
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
