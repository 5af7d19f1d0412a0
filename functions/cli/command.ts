/** What a command is, and what it is given when it runs. */

import type { Connection } from "./connect.ts";
import type { Terminal } from "./terminal.ts";

interface Option {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly multiple?: boolean;
  /** What stands for the value in the help: `<id>`. */
  readonly value?: string;
  readonly help: string;
}

export type Options = Readonly<Record<string, Option>>;

type Values<O extends Options> = {
  readonly [Name in keyof O]?: O[Name] extends { readonly multiple: true }
    ? readonly string[]
    : O[Name]["type"] extends "boolean"
      ? boolean
      : string;
};

export interface Invocation<O extends Options = Options> {
  readonly values: Values<O>;
  readonly positionals: readonly string[];
  readonly global: Values<typeof GLOBAL_OPTIONS>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Finds the server, or opens the data directory in this process. What it returns is closed after the command. */
  readonly connect: () => Promise<Connection>;
}

export interface Command<O extends Options = Options> {
  readonly name: string;
  readonly summary: string;
  /** Arguments, and examples below them, each line one way to call it. */
  readonly usage: readonly string[];
  readonly options: O;
  /** What else the help should say. */
  readonly notes?: string;
  /** The exit code; 0 when it returns nothing. */
  run(invocation: Invocation<O>): Promise<number | void>;
}

/** Infers the types of the values from the options. */
export function command<const O extends Options>(definition: Command<O>): Command {
  return definition;
}

/** Options of every command. */
export const GLOBAL_OPTIONS = {
  json: { type: "boolean", help: "print the API's JSON, for other programs" },
  url: { type: "string", value: "<url>", help: "the server to ask (NEXUS_URL); found by itself when it runs here" },
  key: {
    type: "string",
    value: "<key>",
    help: "the API key (NEXUS_API_KEY); for a server here it is read from its data",
  },
  "data-dir": { type: "string", value: "<dir>", help: "where the data are (NEXUS_DATA_DIR); .nexus if left out" },
  help: { type: "boolean", short: "h", help: "say how it is used" },
} as const satisfies Options;

/** Options of the commands that write and of those that ask: whose memories. */
export const SCOPE_OPTIONS = {
  user: { type: "string", short: "u", value: "<id>", help: "the user whose memory it is" },
  agent: { type: "string", value: "<id>", help: "the agent" },
  session: { type: "string", short: "s", value: "<id>", help: "the conversation" },
} as const satisfies Options;

export class UsageError extends Error {
  override name = "UsageError";
}
