/** `nexus explain` */

import { textOf, wholeNumber } from "../arguments.ts";
import { command, SCOPE_OPTIONS, UsageError } from "../command.ts";
import { createPaint, printable } from "../print/paint.ts";
import { printJson } from "../terminal.ts";

const LABEL_WIDTH = 14;

export const explain = command({
  name: "explain",
  summary: "say why a memory was, or was not, in the answer to a query",
  usage: [
    "<query> --id <memory> [options]",
    'nexus explain --user me --id 0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b "spare key"',
  ],
  options: {
    ...SCOPE_OPTIONS,
    id: { type: "string", value: "<memory>", help: "the memory that it is about" },
    k: { type: "string", short: "k", value: "<number>", help: "how many results the answer has" },
  },
  notes: "Without --user it is about an answer to the whole tenant, which takes an admin key.",
  async run({ values, positionals, global, terminal, signal, connect }) {
    const query = textOf("the query", positionals);
    const { id: memoryId, user: userId, agent: agentId, session: sessionId } = values;
    if (memoryId === undefined) throw new UsageError("--id is missing: the memory that it is about");
    const k = wholeNumber("k", values.k);
    const { client } = await connect();
    const answer = await client.explain({ query, memoryId, userId, agentId, sessionId, k }, { signal });
    if (global.json) return printJson(terminal, answer);

    const paint = createPaint(terminal.colour);
    const rank = answer.rank === null ? "" : ` as number ${answer.rank}`;
    terminal.out(paint.bold(answer.included ? `It is in the answer${rank}.` : "It is not in the answer."));
    // The explanation of an absence is the reason that decides, which is among the reasons too.
    const sentences = new Set([answer.explanation, ...answer.reasons.map(({ sentence }) => sentence)]);
    for (const sentence of sentences) if (sentence !== "") terminal.out(printable(sentence));
    const line = (label: string, text: string): void =>
      terminal.out(paint.dim(`  ${label.padEnd(LABEL_WIDTH)}${printable(text)}`));
    if (answer.score !== null) line("score", answer.score.toFixed(2));
    for (const [name, factor] of Object.entries(answer.factors ?? {})) {
      const weight = (answer.weights as Readonly<Record<string, number>>)[name];
      line(name, weight === undefined ? `× ${factor.toFixed(2)}` : `${factor.toFixed(2)} × ${weight.toFixed(2)}`);
    }
    if (answer.sources.length > 0) line("found by", answer.sources.join(", "));
    const { terms, entities, neighbours, replacedBy } = answer.evidence;
    if (terms.length > 0) line("words", terms.map(({ term }) => term).join(", "));
    if (entities.length > 0) line("names", entities.map(({ name }) => name).join(", "));
    if (neighbours.length > 0) line("beside", neighbours.map(({ id }) => id).join(", "));
    for (const { id, type } of replacedBy) line(type, id);
  },
});
