/** Downloads a model, on request only: every file checked, the manifest last. */

import { rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { NexusError } from "@nexus/core";

import type { ModelFile, Quantization } from "../registry/description.ts";
import { describeModel } from "../registry/registry.ts";
import { type DeclaredFile, declaredFile, fileUrl, type HostOptions } from "./declared.node.ts";
import { download, type DownloadOptions } from "./download.node.ts";
import {
  checkLicence,
  type Manifest,
  type ManifestFile,
  modelFile,
  modelFolder,
  readManifest,
  writeManifest,
} from "./manifest.node.ts";
import { withModelLock } from "./model-lock.node.ts";
import { sha256Of } from "./verify.node.ts";

export const MODEL_HOST = "https://huggingface.co";

export interface PullOptions extends Omit<DownloadOptions, "onBytes"> {
  readonly modelsDir: string;
  /** Default "q8", what a CPU runs. */
  readonly quantization?: Quantization | undefined;
  /** Another host, or a mirror. */
  readonly baseUrl?: string | undefined;
  /** Another conversion than the registry's, as "owner/name": its sums are then only those the host declares. */
  readonly repository?: string | undefined;
  readonly revision?: string | undefined;
  /** ISO 8601, of now. */
  readonly at: string;
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
}

export interface PullProgress {
  readonly path: string;
  /** Bytes of all files together. */
  readonly received: number;
  /** As far as the host said. */
  readonly total: number;
}

/**
 * Pulls a model's files into its folder. What is there and right is not fetched again; what was cut off goes on.
 *
 * throws  embed.model_unknown, embed.licence, embed.model_missing, embed.checksum, store.full, store.unavailable, config.invalid,
 *         store.locked while another process changes the model's folder
 */
export async function pullModel(id: string, options: PullOptions): Promise<Manifest> {
  return await withModelLock(options.modelsDir, id, () => pullFiles(id, options));
}

async function pullFiles(id: string, options: PullOptions): Promise<Manifest> {
  const { modelsDir, at, signal } = options;
  const folder = modelFolder(modelsDir, id);
  const licenceAccepted = await checkLicence(modelsDir, id);
  const wanted = filesOf(id, options);
  const source = describeModel(id).source;
  const asked: HostOptions = {
    baseUrl: hostOf(options.baseUrl ?? MODEL_HOST),
    repository: options.repository ?? source?.repository ?? "",
    revision: options.revision ?? (options.repository === undefined ? (source?.revision ?? "main") : "main"),
    fetch: options.fetch,
    signal,
  };
  const declared: DeclaredFile[] = [];
  for (const file of wanted) {
    const found = await declaredFile(file, asked);
    if (found) declared.push(found);
  }
  // A branch may move while the files come: all are taken from the commit that the first one named.
  const host = { ...asked, revision: declared[0]?.commit ?? asked.revision };
  const before = await sameOrigin(folder, host);
  const total = declared.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  let done = 0;
  const files: ManifestFile[] = [];
  for (const file of declared) {
    const path = modelFile(folder, file.path);
    const here = await alreadyHere(path, file);
    const got =
      here ??
      (await download(fileUrl(host, file.path), path, file, {
        ...options,
        onBytes: (received) => options.onProgress?.({ path: file.path, received: done + received, total }),
      }));
    files.push({ path: file.path, ...got, checked: file.checked });
    done += got.bytes;
    options.onProgress?.({ path: file.path, received: done, total });
  }
  const others = before?.files.filter(({ path }) => !files.some((file) => file.path === path)) ?? [];
  const manifest: Manifest = {
    id,
    files: [...files, ...others],
    source: `${host.baseUrl}/${host.repository}`,
    revision: host.revision,
    at,
    ...(licenceAccepted === undefined ? {} : { licenceAccepted }),
  };
  await writeManifest(folder, manifest);
  return manifest;
}

/** Messages and the manifest name the address, so it may hold no secret. throws  config.invalid */
function hostOf(address: string): string {
  const url = URL.parse(address);
  const plain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (plain === true) return address;
  throw new NexusError(
    "config.invalid",
    "[nexus/embed] the address of the model host is no plain http or https address, without user, password and query",
  );
}

function filesOf(id: string, { quantization = "q8", repository }: PullOptions): readonly ModelFile[] {
  const { source, name } = describeModel(id);
  if (!source) {
    throw new NexusError("embed.model_missing", `[nexus/embed] ${id} is built in; there is nothing to pull`);
  }
  // A stranger's conversion is laid out like the others, but its sums are its own.
  const files = repository === undefined ? source.files : source.files.map(unpinned);
  const wanted = files.filter((file) => file.quantization === undefined || file.quantization === quantization);
  if (wanted.some((file) => file.quantization !== undefined)) return wanted;
  const known = [...new Set(source.files.flatMap((file) => file.quantization ?? []))];
  throw new NexusError(
    "embed.model_missing",
    known.length === 0
      ? `[nexus/embed] the registry knows no ONNX conversion of ${name}; convert it (optimum-cli export onnx --model ${name} --task feature-extraction <dir>) and run: nexus models import <dir> --as ${id}`
      : `[nexus/embed] the registry knows no ${quantization} files of ${id}, only ${known.join(", ")}`,
  );
}

function unpinned({ path, quantization, optional }: ModelFile): ModelFile {
  return { path, quantization, optional };
}

/** The manifest of files from the same place, which stay valid; that of another place is taken away. */
async function sameOrigin(folder: string, host: HostOptions): Promise<Manifest | undefined> {
  const before = await readManifest(folder).catch(() => undefined);
  if (before?.source === `${host.baseUrl}/${host.repository}` && before.revision === host.revision) return before;
  await rm(join(folder, "manifest.json"), { force: true });
  return undefined;
}

/** A whole file of an earlier pull; only where there is a sum to know it by. */
async function alreadyHere(
  path: string,
  expected: DeclaredFile,
): Promise<{ readonly bytes: number; readonly sha256: string } | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found || expected.sha256 === undefined || (expected.bytes !== undefined && found.size !== expected.bytes)) {
    return undefined;
  }
  const sha256 = await sha256Of(path);
  return sha256 === expected.sha256 ? { bytes: found.size, sha256 } : undefined;
}
