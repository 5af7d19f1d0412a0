/** `nexus embed` */

import type { Embeddings } from "@nexus/client";
import { choice, wholeNumber } from "../arguments.ts";
import { command, UsageError } from "../command.ts";
import { batches, fileInput, textInput } from "../embed/inputs.ts";
import { EXIT, problemLine, withoutOrigin } from "../failure.ts";
import { createPaint } from "../print/paint.ts";
import { printJson, type Terminal } from "../terminal.ts";

type Result = Embeddings["results"][number];

const ROLES = ["query", "passage"] as const;
/** Components of a vector that a person is shown. */
const SHOWN = 4;

export const embed = command({
  name: "embed",
  summary: "give the vectors of texts, images and sounds",
  usage: [
    "<text>… | --file <file>… | - [options]",
    'nexus embed "the spare key is under the flower pot" "where is the key?"',
    "nexus embed --model e0 --dimension 64 --json hello",
    "nexus embed --file photo.jpg --file note.wav --ndjson",
    "pbpaste | nexus embed -",
  ],
  options: {
    file: {
      type: "string",
      short: "f",
      multiple: true,
      value: "<file>",
      help: "a file: an image, a WAV file, or else a text",
    },
    model: { type: "string", value: "<id>", help: "e0 … e12, ensemble or fused; the best if left out" },
    dimension: { type: "string", value: "<number>", help: "a prefix of the vector, where the model has one" },
    role: { type: "string", value: "<role>", help: `what texts are for: ${ROLES.join(" or ")}` },
    ndjson: { type: "boolean", help: "print one line of JSON for each input" },
  },
  notes: `Every argument is one text: quote those of several words. A text of - is standard input. Names of
images end in .png .jpg .jpeg .webp, those of sounds in .wav.
An input that cannot be embedded is reported, the others are printed, and the exit code is 1.`,
  async run({ values, positionals, global, terminal, signal, connect }) {
    const { file: files = [], model } = values;
    const role = choice("role", values.role, ROLES);
    const dimension = wholeNumber("dimension", values.dimension);
    if (global.json && values.ndjson) throw new UsageError("--json and --ndjson are two forms of one answer");
    if (positionals.length + files.length === 0) throw new UsageError("the text, or --file, is missing");
    const read = (path: string) => fileInput(path, role, terminal);
    const inputs = await Promise.all([
      ...positionals.map((text) => (text === "-" ? read(text) : textInput(text, role))),
      ...files.map(read),
    ]);
    const { client } = await connect();
    const results: Result[] = [];
    const skipped: Embeddings["skipped"] = [];
    for (const batch of batches(inputs)) {
      const answer = await client.embed({ inputs: batch, model, dimension }, { signal });
      for (const result of answer.results) {
        const index = results.push(result) - 1;
        if (values.ndjson) terminal.out(JSON.stringify({ index, ...result }));
        else if (!global.json) print(terminal, result, index + 1);
      }
      skipped.push(...answer.skipped);
    }
    if (global.json) printJson(terminal, { results, skipped });
    for (const { model: left, code } of global.json ? [] : skipped) terminal.err(`${left} did not answer (${code})`);
    return results.some(({ error }) => error) ? EXIT.failed : EXIT.ok;
  },
});

/** Its number, then a line for each model with the beginning of the vector. */
function print(terminal: Terminal, { embeddings, error }: Result, number: number): void {
  const paint = createPaint(terminal.colour);
  if (error) terminal.err(problemLine(`input ${number}: ${withoutOrigin(error.detail)}`, error.code));
  for (const { model, insteadOf, vector, tokens, truncated } of embeddings) {
    const facts = [
      `${vector.length} dimensions`,
      `${tokens} tokens${truncated ? ", cut off" : ""}`,
      ...(insteadOf === null ? [] : [`instead of ${insteadOf}`]),
    ];
    const begins = vector.slice(0, SHOWN).map((value) => value.toFixed(4));
    const rest = vector.length > SHOWN ? ", …" : "";
    terminal.out(`${paint.bold(`${number}.`)} ${model}  [${begins.join(", ")}${rest}]  ${paint.dim(facts.join(", "))}`);
  }
}
