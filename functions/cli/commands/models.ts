/** `nexus models` */

import { join } from "node:path";

import { describeModel } from "@nexus/embed";
import {
  acceptLicence,
  importModel,
  listModels,
  type Manifest,
  type PresentModel,
  pullModel,
  removeModel,
} from "@nexus/embed/node";
import { choice } from "../arguments.ts";
import { command, type Invocation, UsageError } from "../command.ts";
import { createProgress, type Progress, size } from "../print/progress.ts";
import { printJson, type Terminal } from "../terminal.ts";
import { showVectors, switchVectors } from "./model-vectors.ts";

const QUANTIZATIONS = ["q8", "fp16", "fp32", "q4", "bf16"] as const;

const OPTIONS = {
  as: { type: "string", value: "<id>", help: "import: which model it is; found out if left out" },
  quantization: { type: "string", value: "<kind>", help: `pull: ${QUANTIZATIONS.join(", ")}; q8 if left out` },
  mirror: { type: "string", value: "<url>", help: "pull: another host of the same layout (NEXUS_MODELS_URL)" },
  from: { type: "string", value: "<owner/name>", help: "pull: another ONNX conversion than the registry's" },
  revision: { type: "string", value: "<commit>", help: "pull: its commit or branch" },
} as const;

/** What the actions share. */
interface Work {
  readonly modelsDir: string;
  readonly at: string;
  readonly json: boolean;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

export const models = command({
  name: "models",
  summary: "list, pull, import and remove embedding models",
  usage: [
    "<list|pull|import|remove|accept|vectors|switch> [options]",
    "nexus models list",
    "nexus models pull e1",
    "nexus models import ./all-MiniLM-L6-v2",
    "nexus models remove e1",
    "nexus models accept e9",
    "nexus models vectors",
    "nexus models switch <cutOver|rollBack|retire|refill>",
  ],
  options: OPTIONS,
  notes: `E0 is built in; the others are files in the data directory's models folder (NEXUS_MODELS_DIR).
Nothing is fetched but by pull, which goes on where an earlier one was cut off and checks every
file's SHA-256 against the registry or, where that has none, against what the host declares.
import takes a folder as transformers.js lays it out: config.json, tokenizer.json, onnx/*.onnx.
Licences that forbid commercial use (e9, e10) have to be accepted first.
vectors shows the models whose vectors the memories have, with how far new ones are filled and how
they compare; switch takes filled ones into use, rolls back, drops those that are kept, or lets
what was rolled back begin again. Both ask the server; switch takes an admin key.`,
  async run({ values, positionals, global, env, terminal, signal, connect }) {
    const [action, subject, ...more] = positionals;
    if (more.length > 0) throw new UsageError(`what is "${more.join(" ")}"?`);
    const work: Work = {
      modelsDir: modelsDirOf(global, env),
      at: new Date().toISOString(),
      json: global.json === true,
      terminal,
      signal,
    };
    if (action === "list" && subject === undefined) return await list(work);
    if (action === "pull") return await pull(needed(subject, "the id of the model"), work, values, env);
    if (action === "import") return await take(needed(subject, "the folder of the model"), work, values.as);
    if (action === "remove") return await remove(needed(subject, "the id of the model"), work);
    if (action === "accept") return await accept(needed(subject, "the id of the model"), work);
    if (action === "vectors" && subject === undefined) return await showVectors({ ...work, connect });
    if (action === "switch") return await switchVectors(subject, { ...work, connect });
    throw new UsageError("say list, pull, import, remove, accept, vectors or switch");
  },
});

function modelsDirOf(global: Invocation["global"], env: Invocation["env"]): string {
  const own = env["NEXUS_MODELS_DIR"] ?? "";
  if (own !== "") return own;
  const dataDir = env["NEXUS_DATA_DIR"] ?? "";
  return join(global["data-dir"] ?? (dataDir === "" ? ".nexus" : dataDir), "models");
}

function needed(subject: string | undefined, what: string): string {
  if (subject === undefined) throw new UsageError(`${what} is missing`);
  return subject;
}

async function list({ modelsDir, json, terminal }: Work): Promise<void> {
  const found = await listModels(modelsDir);
  if (json) return printJson(terminal, { modelsDir, models: found });
  const width = Math.max(...found.map(({ name }) => name.length));
  for (const model of found) {
    const { id, name, dimension, modalities, licence } = model;
    const columns = [
      id.padEnd(3),
      name.padEnd(width),
      String(dimension).padStart(5),
      stateOf(model),
      licence.padEnd(LICENCE_WIDTH),
    ];
    terminal.out(`${columns.join("  ")}  ${modalities.join(" ")}`);
  }
}

const STATE_WIDTH = 14;
const LICENCE_WIDTH = 12;

function stateOf({ id, manifest, bytes }: PresentModel): string {
  const state = id === "e0" ? "built in" : manifest ? `here ${size(bytes)}` : "not here";
  return state.padEnd(STATE_WIDTH);
}

async function pull(
  id: string,
  work: Work,
  values: { readonly [Name in keyof typeof OPTIONS]?: string },
  env: Invocation["env"],
): Promise<void> {
  const manifest = await withProgress(`Pulling ${id}`, work, (show) =>
    pullModel(id, {
      ...work,
      quantization: choice("quantization", values.quantization, QUANTIZATIONS),
      baseUrl: values.mirror ?? (env["NEXUS_MODELS_URL"] || undefined),
      repository: repositoryOf(values.from),
      revision: values.revision,
      onProgress: ({ received, total }) => show(received, total),
    }),
  );
  report("Pulled", manifest, work);
}

/** Runs the work with a bar of bytes, a second's bytes and the time that is left. */
async function withProgress<T>(
  label: string,
  { terminal, json }: Work,
  run: (show: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  let progress: Progress | undefined;
  const now = () => performance.now();
  try {
    return await run((done, total) => {
      if (json) return;
      progress ??= createProgress(terminal, { label, total, amount: size, now });
      progress.update(done);
    });
  } finally {
    progress?.end();
  }
}

function repositoryOf(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(text))
    throw new UsageError("--from must be owner/name");
  return text;
}

async function take(folder: string, work: Work, id: string | undefined): Promise<void> {
  const manifest = await withProgress("Importing", work, (onProgress) =>
    importModel(folder, { ...work, id, onProgress }),
  );
  report("Imported", manifest, work);
}

async function remove(id: string, { modelsDir, json, terminal }: Work): Promise<void> {
  const removed = await removeModel(modelsDir, id);
  if (json) return printJson(terminal, { id, removed });
  terminal.out(removed ? `Removed ${id}.` : `${id} was not here.`);
}

async function accept(id: string, { modelsDir, at, json, terminal }: Work): Promise<void> {
  const model = (await listModels(modelsDir)).find((each) => each.id === id);
  await acceptLicence(modelsDir, id, at);
  if (json) return printJson(terminal, { id, licence: model?.licence, acceptedAt: at });
  const limits = model?.nonCommercial === true ? ", which forbids commercial use" : "";
  terminal.out(`Accepted ${model?.licence} of ${model?.name}${limits}. Its text comes with the model.`);
}

/** What came, and what vouches for it. */
function report(did: string, manifest: Manifest, { modelsDir, json, terminal }: Work): void {
  if (json) return printJson(terminal, manifest);
  const { id, files, source, revision } = manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  terminal.out(`${did} ${id}: ${files.length} files, ${size(bytes)}, into ${join(modelsDir, id)}`);
  terminal.out(`from ${source} (${revision}), under ${describeModel(id).licence}`);
  const declared = files.filter(({ checked }) => checked === "declared").length;
  const unchecked = files.filter(({ checked }) => checked === "none").length;
  if (declared > 0)
    terminal.err(`${declared} files were checked against what the host declares, not against the registry.`);
  if (unchecked > 0 && did === "Pulled") terminal.err(`${unchecked} files came with no sum to check them by.`);
}
