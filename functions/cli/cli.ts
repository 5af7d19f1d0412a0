/** Runs one command line: finds the command, gives it what it needs, and turns what goes wrong into a line and a code. */

import { parseArguments, splitCommand } from "./arguments.ts";
import { type Command, type Invocation, UsageError } from "./command.ts";
import { demo } from "./commands/demo.ts";
import { embed } from "./commands/embed.ts";
import { erase } from "./commands/erase.ts";
import { explain } from "./commands/explain.ts";
import { exportAll } from "./commands/export.ts";
import { importFile } from "./commands/import.ts";
import { keys } from "./commands/keys.ts";
import { models } from "./commands/models.ts";
import { recall } from "./commands/recall.ts";
import { remember } from "./commands/remember.ts";
import { serve } from "./commands/serve.ts";
import { stats } from "./commands/stats.ts";
import { type Connection, connect } from "./connect.ts";
import { EXIT, failureOf } from "./failure.ts";
import { commandHelp, globalHelp } from "./help.ts";
import type { Terminal } from "./terminal.ts";

export const COMMANDS: readonly Command[] = [
  serve,
  remember,
  recall,
  explain,
  embed,
  models,
  importFile,
  exportAll,
  erase,
  keys,
  stats,
  demo,
];

export interface Surroundings {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Replaced by tests. */
  readonly connect?: typeof connect;
}

/** The exit code of one command line. */
export async function runCli(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { terminal, signal } = surroundings;
  const { command: name, rest } = splitCommand(argv);
  if (name === undefined) return withoutCommand(argv, terminal);
  const command = COMMANDS.find((candidate) => candidate.name === name);
  try {
    if (!command)
      throw new UsageError(`there is no command ${name}; there are ${COMMANDS.map((c) => c.name).join(", ")}`);
    const parsed = parseArguments(command, rest);
    if (parsed.global.help) {
      terminal.out(commandHelp(command));
      return EXIT.ok;
    }
    return await run(command, parsed, surroundings);
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    const { lines, exitCode } = failureOf(error, command?.name);
    for (const line of lines) terminal.err(line);
    return exitCode;
  }
}

function withoutCommand(argv: readonly string[], terminal: Terminal): number {
  const unknown = argv.find((word) => word !== "--help" && word !== "-h");
  if (unknown !== undefined) {
    terminal.err(`nexus: there is no command in "${argv.join(" ")}" (usage)`);
    terminal.err("See nexus --help");
    return EXIT.usage;
  }
  terminal.out(globalHelp(COMMANDS));
  return argv.length > 0 ? EXIT.ok : EXIT.usage;
}

async function run(
  command: Command,
  parsed: Pick<Invocation, "values" | "positionals" | "global">,
  { terminal, env, signal, connect: open = connect }: Surroundings,
): Promise<number> {
  let connection: Connection | undefined;
  const { url, key, "data-dir": dataDir } = parsed.global;
  // An operator who sets a log level wants to see the log, of an app in this process too.
  const log = env["NEXUS_LOG_LEVEL"] === undefined ? () => {} : (line: string) => terminal.err(line);
  try {
    const code = await command.run({
      ...parsed,
      env,
      terminal,
      signal,
      connect: async () => (connection ??= await open({ url, key, dataDir, env, log })),
    });
    return code ?? EXIT.ok;
  } finally {
    await connection?.close();
  }
}
