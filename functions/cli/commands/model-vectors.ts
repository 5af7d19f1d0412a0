/** `nexus models vectors` and `nexus models switch` */

import { type Job, NexusClientError, type NexusClient, type VectorAction, type VectorGenerations } from "@nexus/client";
import { type Invocation, UsageError } from "../command.ts";
import { comparedFor, fillingOf, printGenerations } from "../print/generations.ts";
import { printJson, type Terminal } from "../terminal.ts";

/** What each action has done. */
const DONE: Readonly<Record<VectorAction, string>> = {
  cutOver: "Taken into use.",
  rollBack: "Rolled back.",
  retire: "Retired: a job removes the vectors.",
  refill: "Models that were rolled back may begin again.",
};

const PAGE = 200;
/** Every write of a tenant with a deep model makes a job; older ones are not looked for. */
const MAX_PAGES = 5;

interface Work {
  readonly json: boolean;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly connect: Invocation["connect"];
}

export async function showVectors({ connect, ...work }: Work): Promise<void> {
  const { client } = await connect();
  await print(client, await client.vectorGenerations({ signal: work.signal }), work);
}

export async function switchVectors(word: string | undefined, { connect, ...work }: Work): Promise<void> {
  const actions = Object.keys(DONE) as VectorAction[];
  const action = actions.find((known) => known === word);
  if (!action) throw new UsageError(`say nexus models switch ${actions.join("|")}`);
  const { client } = await connect();
  const generations = await client.switchVectors(action, { signal: work.signal });
  if (work.json) return printJson(work.terminal, generations);
  work.terminal.out(DONE[action]);
  await print(client, generations, work);
}

async function print(
  client: NexusClient,
  generations: VectorGenerations,
  { json, terminal, signal }: Omit<Work, "connect">,
): Promise<void> {
  const { active, next } = generations;
  const jobs = active || next ? await embedJobs(client, signal) : [];
  const filling = next && !next.comparison ? fillingOf(jobs) : undefined;
  if (json) return printJson(terminal, { ...generations, filling: filling ?? null });
  const compared = active ? comparedFor(active.number, jobs) : undefined;
  printGenerations(terminal, generations, { filling, compared, now: Date.now() });
}

/** Newest first; none for a key that may not see jobs. */
async function embedJobs(client: NexusClient, signal: AbortSignal): Promise<Job[]> {
  const found: Job[] = [];
  let cursor: string | undefined;
  try {
    for (let page = 0; page < MAX_PAGES; page++) {
      const { items, nextCursor } = await client.jobs({ limit: PAGE, cursor }, { signal });
      found.push(...items.filter(({ kind }) => kind === "embed"));
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
  } catch (error) {
    if (!(error instanceof NexusClientError && error.code === "auth.scope")) throw error;
  }
  return found;
}
