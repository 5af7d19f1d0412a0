/** `nexus demo` */

import type { NexusClient } from "@nexus/client";
import { command } from "../command.ts";
import { type Conversation, memoriesOf, readConversation } from "../conversation.ts";
import { createPaint } from "../print/paint.ts";
import { createProgress, count } from "../print/progress.ts";
import { printResult } from "../print/results.ts";
import { printJson } from "../terminal.ts";

const USER = "demo";
const BATCH = 100;
/** Questions of the conversation, by id, whose first result is the turn that answers: cli.e2e.test.ts sees to it. */
const QUESTIONS = ["q36", "q25", "q39", "q41", "q48"];

export const demo = command({
  name: "demo",
  summary: "load a year of conversation and ask it five questions",
  usage: ["[options]", "nexus demo", "nexus demo --remove"],
  options: { remove: { type: "boolean", help: `forget the conversation of user ${USER} again` } },
  async run({ values, global, terminal, signal, connect }) {
    const conversation = await readConversation();
    const { client, where } = await connect();
    if (values.remove) {
      const forgotten = await remove(client, conversation, signal);
      if (global.json) return printJson(terminal, { forgotten });
      return terminal.out(`Forgot ${count(forgotten)} memories of user ${USER}.`);
    }
    const memories = memoriesOf(conversation, USER);
    const progress = createProgress(terminal, {
      label: "Loading",
      total: memories.length,
      now: () => performance.now(),
    });
    let added = 0;
    for (let from = 0; from < memories.length; from += BATCH) {
      const { results } = await client.remember(memories.slice(from, from + BATCH), { signal });
      added += results.filter(({ event }) => event !== "unchanged").length;
      if (!global.json) progress.update(Math.min(memories.length, from + BATCH));
    }
    progress.end();
    const questions = QUESTIONS.flatMap((id) => conversation.questions.find((question) => question.id === id) ?? []);
    if (global.json) {
      const answers = [];
      for (const { question } of questions)
        answers.push(await client.search({ userId: USER, query: question, k: 1 }, { signal }));
      return printJson(terminal, { added, answers });
    }

    const paint = createPaint(terminal.colour);
    const known = added < memories.length ? `; ${count(memories.length - added)} were there already` : "";
    terminal.out(
      `“${conversation.title}”: ${count(memories.length)} turns in ${conversation.sessions.length} sessions,`,
    );
    terminal.out(`kept at ${where} as memories of user ${USER}${known}.`);
    for (const { question } of questions) {
      const answer = await client.search({ userId: USER, query: question, k: 1 }, { signal });
      terminal.out(`\n${paint.bold(`? ${question}`)}  ${paint.dim(`${answer.latencyMs.toFixed(1)} ms`)}`);
      for (const [i, result] of answer.results.entries()) printResult(terminal, result, i + 1);
    }
    terminal.out(`
Ask more:        npx nexus recall --user ${USER} "who has a peanut allergy?"
Say more:        npx nexus remember --user ${USER} "Ben has bought a blue Skoda"
Remove it again: npx nexus demo --remove`);
  },
});

/** By filter: what else user `demo` has said stays. */
async function remove(client: NexusClient, { id }: Conversation, signal: AbortSignal): Promise<number> {
  const job = await client.forgetMany({ userId: USER, filters: { "metadata.conversation": id } }, { signal });
  const { result } = await client.waitForJob(job.id, { signal });
  return (result as { forgotten: number }).forgotten;
}
