/** `nexus remember` */

import type { Remembered } from "@nexus/client";
import { textOf } from "../arguments.ts";
import { command, SCOPE_OPTIONS, UsageError } from "../command.ts";
import { EXIT, problemLine } from "../failure.ts";
import { decodeText } from "../import/decode.ts";
import { printJson } from "../terminal.ts";

export const remember = command({
  name: "remember",
  summary: "keep a text",
  usage: [
    "<text> [options]",
    'nexus remember --user me "The spare key is under the blue flower pot"',
    "nexus remember --user me --metadata topic=travel --created-at 2026-05-01 I want to see Lisbon",
    "pbpaste | nexus remember --user me -",
  ],
  options: {
    ...SCOPE_OPTIONS,
    speaker: { type: "string", value: "<name>", help: "who said it" },
    metadata: {
      type: "string",
      short: "m",
      multiple: true,
      value: "<k=v>",
      help: "a field of metadata; numbers, true, false and JSON are read as such",
    },
    "created-at": { type: "string", value: "<time>", help: "when it was said, ISO 8601; now if left out" },
    "external-id": { type: "string", value: "<id>", help: "your own name for it: sent again, it is not kept twice" },
  },
  notes: "A text of - is read from standard input.",
  async run({ values, positionals, global, terminal, signal, connect }) {
    const words = textOf("the text to remember", positionals);
    const content = words === "-" ? decodeText(await terminal.readInput()).trim() : words;
    const memory = {
      content,
      userId: values.user,
      agentId: values.agent,
      sessionId: values.session,
      speaker: values.speaker,
      metadata: readMetadata(values.metadata),
      createdAt: values["created-at"],
      externalId: values["external-id"],
    };
    const { client } = await connect();
    const answer = await client.remember(memory, { signal });
    const [result] = answer.results;
    if (global.json) printJson(terminal, answer);
    else if (result?.error) terminal.err(problemLine(result.error.detail, result.error.code));
    else if (result) terminal.out(sentenceOf(result));
    return result?.event === "failed" ? EXIT.failed : EXIT.ok;
  },
});

function sentenceOf({ event, id, relatedId }: Remembered["results"][number]): string {
  const related = relatedId === null ? "" : ` (with ${relatedId})`;
  return event === "unchanged"
    ? `Already known as ${id}`
    : `Remembered as ${id}${event === "added" ? "" : `, ${event}${related}`}`;
}

/** throws  UsageError for what is not `key=value` */
export function readMetadata(fields: readonly string[] | undefined): Record<string, unknown> | undefined {
  if (fields === undefined) return undefined;
  return Object.fromEntries(
    fields.map((field) => {
      const at = field.indexOf("=");
      if (at < 1) throw new UsageError(`--metadata ${field} must be of the form key=value`);
      return [field.slice(0, at), valueOf(field.slice(at + 1))];
    }),
  );
}

/** JSON where nothing is lost by reading it as such; `007` and `1.0` stay texts. */
function valueOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const isWhole = typeof value === "object" || JSON.stringify(value) === text;
    return isWhole ? value : text;
  } catch {
    return text;
  }
}
