/** Asks a model host what it declares of a file before it is fetched: size, sum and commit. */

import { NexusError } from "@nexus/core";

import type { ModelFile } from "../registry/description.ts";
import type { Expected } from "./received.node.ts";

export interface DeclaredFile extends Expected {
  readonly path: string;
  readonly commit?: string | undefined;
}

export interface HostOptions {
  /** Of the host, a mirror, or a test's server. */
  readonly baseUrl: string;
  readonly repository: string;
  readonly revision: string;
  readonly fetch?: typeof fetch | undefined;
  readonly signal?: AbortSignal | undefined;
}

export function fileUrl({ baseUrl, repository, revision }: HostOptions, path: string): string {
  const parts = [...repository.split("/"), "resolve", revision, ...path.split("/")];
  return `${baseUrl.replace(/\/+$/, "")}/${parts.map(encodeURIComponent).join("/")}`;
}

/**
 * What is expected of a file: the registry's figures where it has them, else what the host declares. A large file's
 * `x-linked-etag` is its SHA-256, a small one's `etag` the SHA-1 of git's blob; those of redirects, so none is followed.
 *
 * returns  undefined for an optional file that is not there
 * throws   embed.model_missing
 */
export async function declaredFile(file: ModelFile, host: HostOptions): Promise<DeclaredFile | undefined> {
  const url = fileUrl(host, file.path);
  const response = await head(url, host);
  if (response.status === 404 && file.optional === true) return undefined;
  if ([401, 403, 404].includes(response.status)) {
    throw new NexusError(
      "embed.model_missing",
      `[nexus/embed] the host answered ${response.status} to ${url}; download the model elsewhere and import it`,
    );
  }
  // A host that is in trouble declares nothing, and without its sums the file would be taken unchecked.
  if (response.status === 429 || response.status >= 500) {
    throw new NexusError(
      "embed.model_missing",
      `[nexus/embed] the host answered ${response.status} to ${url}; pull again later`,
    );
  }
  const etag = (response.headers.get("x-linked-etag") ?? response.headers.get("etag") ?? "").replace(/^W\/|"/g, "");
  const length = response.headers.get("x-linked-size") ?? (response.ok ? response.headers.get("content-length") : null);
  const declared = response.status < 400;
  const sha256 = file.sha256 ?? (declared && /^[0-9a-f]{64}$/.test(etag) ? etag : undefined);
  const gitBlob = sha256 === undefined && declared && /^[0-9a-f]{40}$/.test(etag) ? etag : undefined;
  return {
    path: file.path,
    bytes: file.bytes ?? (declared && /^\d{1,15}$/.test(length ?? "") ? Number(length) : undefined),
    sha256,
    gitBlob,
    checked: file.sha256 !== undefined ? "pinned" : (sha256 ?? gitBlob) !== undefined ? "declared" : "none",
    commit: response.headers.get("x-repo-commit") ?? undefined,
  };
}

async function head(url: string, { fetch: send = fetch, signal }: HostOptions): Promise<Response> {
  try {
    return await send(url, {
      method: "HEAD",
      redirect: "manual",
      headers: { "accept-encoding": "identity" },
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new NexusError(
      "embed.model_missing",
      `[nexus/embed] ${url} cannot be reached; pull again later, or download it elsewhere and import it`,
      { cause },
    );
  }
}
