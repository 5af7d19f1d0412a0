/** `nexus recall` */

import { choice, textOf, wholeNumber } from "../arguments.ts";
import { command, SCOPE_OPTIONS } from "../command.ts";
import { createPaint } from "../print/paint.ts";
import { printResult, summaryOf } from "../print/results.ts";
import { printJson } from "../terminal.ts";

const MODES = ["auto", "fast", "balanced", "maxAccuracy"] as const;
const DEFAULT_K = 5;

export const recall = command({
  name: "recall",
  summary: "find what was kept",
  usage: [
    "<query> [options]",
    'nexus recall --user me "where did I leave the key?"',
    "nexus recall --user me --k 3 --explain spare key",
    "nexus recall --user me --json spare key | jq '.results[0].memory'",
  ],
  options: {
    ...SCOPE_OPTIONS,
    k: { type: "string", short: "k", value: "<number>", help: `how many results; ${DEFAULT_K} if left out` },
    mode: { type: "string", value: "<mode>", help: `how hard to look: ${MODES.join(", ")}` },
    explain: { type: "boolean", help: "show how each score was made" },
  },
  notes: "Without --user it looks through the memories of all users, which takes an admin key.",
  async run({ values, positionals, global, terminal, signal, connect }) {
    const request = {
      query: textOf("the query", positionals),
      userId: values.user,
      agentId: values.agent,
      sessionId: values.session,
      k: wholeNumber("k", values.k) ?? DEFAULT_K,
      mode: choice("mode", values.mode, MODES),
      explain: values.explain,
    };
    const { client, where } = await connect();
    const answer = await client.search(request, { signal });
    if (global.json) return printJson(terminal, answer);
    const paint = createPaint(terminal.colour);
    for (const [i, result] of answer.results.entries()) {
      printResult(terminal, result, i + 1, { weights: answer.weights });
      terminal.out("");
    }
    if (answer.results.length === 0) {
      const whose = values.user === undefined ? "" : ` of user ${values.user}`;
      terminal.out(`Nothing was found in the memories${whose} at ${where}.`);
    }
    terminal.out(paint.dim(summaryOf(answer)));
  },
});
