/** `nexus export` */

import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { once } from "node:events";
import { NexusError } from "@nexus/core";
import { command, UsageError } from "../command.ts";
import { count } from "../print/progress.ts";
import { printJson } from "../terminal.ts";

interface Counts {
  readonly memory: number;
  readonly [type: string]: number;
}

/** Room for the last line, which tells that the export is whole. */
const TAIL_BYTES = 4_096;

export const exportAll = command({
  name: "export",
  summary: "write all memories with what was made of them to a file",
  usage: ["[options]", "nexus export --out memories.ndjson", "nexus export --user me | gzip > me.ndjson.gz"],
  options: {
    user: {
      type: "string",
      short: "u",
      value: "<id>",
      help: "only what is this user's; it takes an admin key either way",
    },
    out: { type: "string", short: "o", value: "<file>", help: "where to; standard output if left out" },
  },
  notes: `One JSON object a line: memories, entities, relations, references and feedback; the last line has
the counts. nexus import takes it in again, here or elsewhere. Past versions are not in it.`,
  async run({ values, positionals, global, terminal, signal, connect }) {
    if (positionals.length > 0) throw new UsageError(`what is "${positionals.join(" ")}"? the file goes after --out`);
    const { client, where } = await connect();
    const body = await client.export({ userId: values.user }, { signal });
    const sink =
      values.out === undefined
        ? { write: (part: Uint8Array) => terminal.write(part), end: async () => {}, drop: async () => {} }
        : fileSink(values.out);
    let tail = new Uint8Array(0);
    let bytes = 0;
    const reader = body.getReader();
    try {
      for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
        signal.throwIfAborted();
        if (!value) continue;
        await sink.write(value);
        tail = Buffer.concat([tail, value]).subarray(-TAIL_BYTES);
        bytes += value.length;
      }
      const counts = countsOf(tail);
      await sink.end();
      if (values.out === undefined) return;
      if (global.json) return printJson(terminal, { file: values.out, bytes, counts });
      terminal.out(`Exported ${count(counts.memory)} memories from ${where} to ${values.out}.`);
    } catch (error) {
      await reader.cancel().catch(() => {});
      await sink.drop();
      throw error;
    }
  },
});

interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  drop(): Promise<void>;
}

/** Under another name until it is whole, so that what was cut off is never taken for an export. */
function fileSink(path: string): Sink {
  const part = `${path}.part`;
  const stream = createWriteStream(part, { mode: 0o600 });
  const failed = once(stream, "error").then(([error]) => {
    throw new NexusError("store.unavailable", `${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  });
  // Awaited with every step; unheard of until then.
  failed.catch(() => {});
  const step = (work: (done: () => void) => void) => Promise.race([new Promise<void>(work), failed]);
  return {
    write: (bytes) => step((done) => stream.write(bytes, done)),
    async end() {
      await step((done) => stream.end(done));
      await rename(part, path);
    },
    async drop() {
      stream.destroy();
      await rm(part, { force: true });
    },
  };
}

/** throws  store.unavailable for an export that was cut off */
function countsOf(tail: Uint8Array): Counts {
  const text = new TextDecoder().decode(tail);
  const last = text.trimEnd().split("\n").at(-1) ?? "";
  // The line break is the very last byte of a whole export.
  if (text.endsWith("}\n") && last.startsWith('{"type":"end"')) return (JSON.parse(last) as { counts: Counts }).counts;
  throw new NexusError("store.unavailable", "the export was cut off before its end; try again");
}
