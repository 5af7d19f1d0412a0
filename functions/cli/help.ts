/** The help of each command and of all. */

import { type Command, GLOBAL_OPTIONS, type Options } from "./command.ts";

const GAP = 2;

export function globalHelp(commands: readonly Command[]): string {
  return [
    "Memory Nexus: long-term memory for apps and agents",
    "",
    "Usage: nexus <command> [options]",
    "",
    "Commands:",
    ...table(commands.map(({ name, summary }) => [name, summary])),
    "",
    "Options of every command:",
    ...optionTable(GLOBAL_OPTIONS),
    "",
    "nexus <command> --help says more about one of them. Without a running server the data",
    "directory is opened for the time of the command; exit codes: 0 done, 1 failed, 2 usage.",
  ].join("\n");
}

export function commandHelp({ name, summary, usage, options, notes }: Command): string {
  const [first = "", ...examples] = usage;
  return [
    summary.charAt(0).toUpperCase() + summary.slice(1),
    "",
    `Usage: nexus ${name}${first && ` ${first}`}`,
    ...(examples.length > 0 ? ["", "Examples:", ...examples.map((example) => `  ${example}`)] : []),
    ...(Object.keys(options).length > 0 ? ["", "Options:", ...optionTable(options)] : []),
    "",
    "Options of every command:",
    ...optionTable(GLOBAL_OPTIONS),
    ...(notes === undefined ? [] : ["", notes]),
  ].join("\n");
}

function optionTable(options: Options): string[] {
  return table(
    Object.entries(options).map(([name, { short, value, help }]) => [
      `${short === undefined ? "    " : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`,
      help,
    ]),
  );
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + GAP;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`);
}
