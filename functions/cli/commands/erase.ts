/** `nexus erase` */

import type { EraseJob } from "@nexus/client";
import { command, UsageError } from "../command.ts";
import { EXIT } from "../failure.ts";
import { count, createProgress } from "../print/progress.ts";
import { printJson, type Terminal } from "../terminal.ts";

type Receipt = NonNullable<EraseJob["result"]>;

const LABEL_WIDTH = 14;
/** A large user takes minutes; the job goes on when nobody waits for it any more. */
const WAIT_MS = 3_600_000;

export const erase = command({
  name: "erase",
  summary: "erase a user everywhere, with a receipt",
  usage: ["<user> [options]", "nexus erase ana", "nexus erase ana --yes --json > receipt.json"],
  options: { yes: { type: "boolean", short: "y", help: "do not ask first" } },
  notes: `All that is kept of the user goes: memories and their history, vectors, entities, ratings,
patterns, cached answers. It cannot be undone; nexus export --user keeps a copy. The work is a
job that goes on when the command is interrupted; the receipt says what was removed where.`,
  async run({ values, positionals, global, terminal, signal, connect }) {
    const [userId, ...more] = positionals;
    if (userId === undefined || userId.trim() === "") throw new UsageError("the user is missing");
    if (more.length > 0) throw new UsageError("one user at a time");
    if (values.yes !== true && !(await isMeant(userId, terminal))) {
      terminal.err("Nothing was erased.");
      return EXIT.failed;
    }
    const { client, where } = await connect();
    const { id } = await client.eraseUser(userId, { signal });
    let progress: ReturnType<typeof createProgress> | undefined;
    const job = await client.waitForJob(id, {
      signal,
      timeoutMs: WAIT_MS,
      onProgress: ({ progress: { done, total } }) => {
        if (global.json || total === 0) return;
        progress ??= createProgress(terminal, { label: "Erasing", total, now: () => performance.now() });
        progress.update(Math.min(done, total));
      },
    });
    progress?.end();
    const receipt = job.result as Receipt;
    if (global.json) return printJson(terminal, receipt);
    terminal.out(`Erased user ${userId} from ${where}.`);
    for (const line of linesOf(receipt)) terminal.out(line);
    return EXIT.ok;
  },
});

/** throws  UsageError where nobody can be asked */
async function isMeant(userId: string, terminal: Terminal): Promise<boolean> {
  const answer = await terminal.ask(
    `All that is kept of user ${userId} will be gone for good. Type ${userId} to go on: `,
  );
  if (answer === undefined) throw new UsageError("nobody can be asked here: give --yes to erase without being asked");
  return answer === userId;
}

function linesOf({ jobId, stores, residue, completedAt, backupsAgeOutAt }: Receipt): string[] {
  const line = (label: string, text: string): string => `  ${label.padEnd(LABEL_WIDTH)}${text}`;
  return [
    ...Object.entries(stores)
      .filter(([, { deleted, remaining }]) => deleted > 0 || remaining > 0)
      .map(([name, { deleted, remaining }]) =>
        line(name, `${count(deleted)} removed${remaining > 0 ? `, ${count(remaining)} left` : ""}`),
      ),
    line("left", residue === 0 ? "nothing" : count(residue)),
    line("completed", completedAt),
    line("back-ups", `gone from them by ${backupsAgeOutAt.slice(0, 10)}`),
    line("receipt", jobId),
  ];
}
