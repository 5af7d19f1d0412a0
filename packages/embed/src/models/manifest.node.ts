/** Where a model's files are, and the manifest that says which they are: written last, so that a folder with one is whole. */

import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join, posix } from "node:path";

import { NexusError } from "@nexus/core";

import { describeModel } from "../registry/registry.ts";

export interface ManifestFile {
  /** With "/" as separator. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** What the sum was compared with when the file came: the registry's, the host's, or nothing. */
  readonly checked: "pinned" | "declared" | "none";
}

export interface Manifest {
  readonly id: string;
  readonly files: readonly ManifestFile[];
  /** The address or the folder's name the files came from. */
  readonly source: string;
  readonly revision: string;
  /** ISO 8601. */
  readonly at: string;
  /** When a non-commercial licence was accepted; absent where that was not needed. */
  readonly licenceAccepted?: string | undefined;
}

const MANIFEST = "manifest.json";
const LICENCES = "licences.json";

/** throws  embed.model_unknown for a name that is not in the registry, so that no name becomes a path */
export function modelFolder(modelsDir: string, id: string): string {
  return join(modelsDir, describeModel(id).id);
}

/** A file of the model's folder. throws  embed.load_failed for a path that leads out of it */
export function modelFile(folder: string, path: string): string {
  const plain = posix.normalize(path);
  if (plain !== path || plain.startsWith("/") || plain.startsWith("..") || /[\\\0:]/.test(path)) {
    throw new NexusError(
      "embed.load_failed",
      "[nexus/embed] a model file's name leads out of its folder; do not use it",
    );
  }
  return join(folder, path);
}

/** undefined where the model is not here, or not all of it. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await readFile(join(folder, MANIFEST), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const manifest = parsed(text);
  if (isManifest(manifest)) return manifest;
  throw new NexusError("embed.checksum", `[nexus/embed] ${join(folder, MANIFEST)} is damaged; import the model again`);
}

/** undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  const { id, files, source, revision } = (value ?? {}) as Partial<Record<keyof Manifest, unknown>>;
  return (
    [id, source, revision].every((each) => typeof each === "string") && Array.isArray(files) && files.every(isFile)
  );
}

function isFile(value: unknown): value is ManifestFile {
  const { path, bytes, sha256 } = (value ?? {}) as Partial<Record<keyof ManifestFile, unknown>>;
  return typeof path === "string" && typeof bytes === "number" && typeof sha256 === "string";
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeWhole(join(folder, MANIFEST), JSON.stringify(manifest, null, 2));
}

/** When each licence was accepted, by model. */
async function acceptedLicences(modelsDir: string): Promise<Readonly<Record<string, string>>> {
  const found = parsed(await readFile(join(modelsDir, LICENCES), "utf8").catch(() => ""));
  return typeof found === "object" && found !== null ? (found as Record<string, string>) : {};
}

/** Notes that the operator accepts the model's licence. */
export async function acceptLicence(modelsDir: string, id: string, at: string): Promise<void> {
  const accepted = { ...(await acceptedLicences(modelsDir)), [describeModel(id).id]: at };
  await writeWhole(join(modelsDir, LICENCES), JSON.stringify(accepted, null, 2));
}

/** When it was accepted; undefined where it need not be. throws  embed.licence */
export async function checkLicence(modelsDir: string, id: string): Promise<string | undefined> {
  const { licence, nonCommercial, name } = describeModel(id);
  if (!nonCommercial) return undefined;
  const at = (await acceptedLicences(modelsDir))[id];
  if (at !== undefined) return at;
  throw new NexusError(
    "embed.licence",
    `[nexus/embed] ${name} is under ${licence}, not for commercial use; if that fits, run: nexus models accept ${id}`,
  );
}

/** All of the file or none of it, also after a power cut. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Its own name, also among several writers of one process and among containers that number theirs alike.
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await open(temporary, "w");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
