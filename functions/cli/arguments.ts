/** Reads the command line with Node's own parser. */

import { parseArgs } from "node:util";
import { type Command, GLOBAL_OPTIONS, type Invocation, type Options, UsageError } from "./command.ts";

export interface Arguments {
  /** The first word that is no option; undefined when there is none. */
  readonly command: string | undefined;
  /** All the others. */
  readonly rest: readonly string[];
}

/** Splits off the command, which global options may precede. */
export function splitCommand(argv: readonly string[]): Arguments {
  const { tokens } = parseArgs({
    args: [...argv],
    options: parserOptions(GLOBAL_OPTIONS),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const first = tokens.find((token) => token.kind === "positional");
  if (!first) return { command: undefined, rest: argv };
  return { command: first.value, rest: argv.filter((_, i) => i !== first.index) };
}

/** throws  UsageError for unknown options and for missing or unexpected values */
export function parseArguments(
  command: Command,
  args: readonly string[],
): Pick<Invocation, "values" | "positionals" | "global"> {
  const options = { ...command.options, ...GLOBAL_OPTIONS };
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: parserOptions(options),
      allowPositionals: true,
    });
    const given = values as Invocation["values"];
    return { values: given, global: given, positionals };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(shortened(error.message), { cause: error });
  }
}

/** throws  UsageError for what is not a whole number */
export function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} must be a whole number`);
  return Number(text);
}

/** One of some words. throws  UsageError for another */
export function choice<T extends string>(name: string, text: string | undefined, of: readonly T[]): T | undefined {
  const found = of.find((word) => word === text);
  if (text !== undefined && found === undefined) throw new UsageError(`--${name} must be one of ${of.join(", ")}`);
  return found;
}

/** Words that were not quoted are one text. throws  UsageError when there are none */
export function textOf(what: string, words: readonly string[]): string {
  const text = words.join(" ");
  if (text.trim() === "") throw new UsageError(`${what} is missing`);
  return text;
}

/** The parser refuses `undefined` for what is not given, and knows nothing of help texts. */
function parserOptions(
  options: Options,
): Record<string, { type: "string" | "boolean"; short?: string; multiple?: boolean }> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short !== undefined && { short }), ...(multiple !== undefined && { multiple }) },
    ]),
  );
}

/** The first sentence of Node's message, as a part of ours. */
function shortened(message: string): string {
  const [first = message] = message.split(/\. |\n/);
  return first.charAt(0).toLowerCase() + first.slice(1).replace(/\.$/, "");
}
