/** Writes log lines to standard output in bundles: one system call for what a few milliseconds of requests say, not one a request. */

import { writeSync } from "node:fs";

const FLUSH_MS = 10;
const STDOUT = 1;

/** Takes lines without their line break. Lines of the level "error" are written at once; the rest within 10 ms, or when the process ends by itself. */
export function createLogLines(): (line: string) => void {
  let waiting: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const take = (): string => {
    clearTimeout(timer);
    timer = undefined;
    const text = waiting.map((line) => `${line}\n`).join("");
    waiting = [];
    return text;
  };
  process.on("exit", () => {
    if (waiting.length > 0) writeSync(STDOUT, take());
  });
  return (line) => {
    waiting.push(line);
    if (line.includes('"level":"error"')) process.stdout.write(take());
    else timer ??= setTimeout(() => process.stdout.write(take()), FLUSH_MS).unref();
  };
}
