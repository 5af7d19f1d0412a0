/** Where a command prints to and reads from. */

import { createInterface } from "node:readline/promises";

export interface Terminal {
  /** One line, or several, of what was asked for. */
  out(text: string): void;
  /** Bytes of what was asked for, as they are; resolves once there is room for more. */
  write(bytes: Uint8Array): Promise<void>;
  /** One line about the work: notes and errors. */
  err(text: string): void;
  /** Replaces the last line on the error stream, where that is a terminal. */
  redraw(text: string): void;
  readonly outIsTty: boolean;
  readonly errIsTty: boolean;
  /** Whether colour is wanted on the output. */
  readonly colour: boolean;
  /** Columns; undefined where nobody watches. */
  readonly width: number | undefined;
  /** What is typed after a question; undefined where nobody sits. */
  ask(question: string): Promise<string | undefined>;
  /** All of standard input. */
  readInput(): Promise<Uint8Array>;
}

export function processTerminal(env: Readonly<Record<string, string | undefined>>): Terminal {
  const { stdout, stderr, stdin } = process;
  const noColour = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return {
    out: (text) => void stdout.write(`${text}\n`),
    write: (bytes) =>
      new Promise((resolve, reject) => stdout.write(bytes, (error) => (error ? reject(error) : resolve()))),
    err: (text) => void stderr.write(`${text}\n`),
    redraw: (text) => void stderr.write(`\r\u001B[2K${text}`),
    outIsTty: stdout.isTTY,
    errIsTty: stderr.isTTY,
    colour: stdout.isTTY && !noColour,
    // A terminal that was never told its size says 0.
    width: stdout.isTTY && stdout.columns > 0 ? stdout.columns : undefined,
    async ask(question) {
      if (!stdin.isTTY) return undefined;
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
    async readInput() {
      const chunks: Uint8Array[] = [];
      for await (const chunk of stdin) chunks.push(chunk as Uint8Array);
      return Buffer.concat(chunks);
    },
  };
}

/** Prints a value for machines: indented where a person looks on. */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(JSON.stringify(value, null, terminal.outIsTty ? 2 : 0));
}
