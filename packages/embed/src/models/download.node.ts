/** Fetches one file, going on where a broken connection left off, and checks that it is the right one. */

import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { NexusError } from "@nexus/core";

import { diskError } from "./folder-error.node.ts";
import { checkReceived, type Expected, wrongFile } from "./received.node.ts";

export interface DownloadOptions {
  readonly fetch?: typeof fetch | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the file that are here. */
  readonly onBytes?: ((received: number) => void) | undefined;
  /** An attempt without a byte for so long is given up. Default 30 s. */
  readonly stallMs?: number | undefined;
  /** First wait before another attempt, doubled each time. Default 500 ms. */
  readonly backoffMs?: number | undefined;
}

/** Attempts without a single new byte; each byte starts the count again. */
const ATTEMPTS = 5;

/**
 * Downloads url to path by way of `path.part`, which stays for the next call when this one is cut off or killed, and is
 * gone on with where a sum will tell whether it was of the same file.
 *
 * throws  embed.checksum for another file than expected (the part is deleted), embed.model_missing when the host has
 *         or gives none, store.full, store.unavailable; the signal's reason
 */
export async function download(
  url: string,
  path: string,
  expected: Expected,
  options: DownloadOptions = {},
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  // Of another host or revision, for all that can be told: nothing would show that two files were put together.
  if (expected.sha256 === undefined && expected.gitBlob === undefined) await rm(part, { force: true });
  let failures = 0;
  let most = await sizeOf(part);
  for (;;) {
    try {
      await receive(url, part, expected, options);
      break;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof NexusError) throw error;
      const size = await sizeOf(part);
      failures = size > most ? 0 : failures + 1;
      most = Math.max(most, size);
      if (failures >= ATTEMPTS) throw unreachable(url, error);
      await sleep((options.backoffMs ?? 500) * 2 ** failures, undefined, { signal: options.signal });
    }
  }
  const received = await checkReceived(part, expected, url);
  await rename(part, path);
  return received;
}

/** One attempt: asks for what is missing and appends it. throws  what the connection throws, for another attempt */
async function receive(url: string, part: string, expected: Expected, options: DownloadOptions): Promise<void> {
  const have = await sizeOf(part);
  if (have > 0 && have === expected.bytes) return;
  const stall = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stall.signal]) : stall.signal;
  const stallMs = options.stallMs ?? 30_000;
  const timer = setTimeout(() => stall.abort(new Error("no bytes came")), stallMs);
  try {
    const response = await (options.fetch ?? fetch)(url, {
      signal,
      headers: { "accept-encoding": "identity", ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
    });
    const whole = wholeLength(response);
    if (whole !== undefined && expected.bytes !== undefined && whole !== expected.bytes) {
      await response.body?.cancel();
      await rm(part, { force: true });
      throw wrongFile(url, `${whole} bytes, expected ${expected.bytes}`);
    }
    if (response.status === 416 && have > 0) {
      await response.body?.cancel();
      // As long as the file where its length is unknown, or longer: the sum will tell.
      return;
    }
    if (response.status === 404 || response.status === 401 || response.status === 403)
      throw refused(url, response.status);
    if (!response.ok || !response.body) throw new Error(`the host answered ${response.status}`);
    const resumes = response.status === 206 && rangeStart(response) === have;
    if (response.status === 206 && !resumes) throw new Error("the host gave another range than the one asked for");
    await append(part, resumes ? have : 0, response, {
      limit: expected.bytes,
      onBytes: (received) => {
        timer.refresh();
        options.onBytes?.(received);
      },
    });
  } finally {
    clearTimeout(timer);
  }
}

async function append(
  part: string,
  start: number,
  response: Response,
  { limit, onBytes }: { limit: number | undefined; onBytes: (received: number) => void },
): Promise<void> {
  // A host that ignores the range sends the file from its beginning: what is here is replaced.
  const file = await inFolder(open(part, start > 0 ? "a" : "w"));
  let received = start;
  try {
    for await (const chunk of response.body ?? []) {
      // All of it: a single write may end early when the disk is nearly full.
      await inFolder(file.writeFile(chunk));
      received += chunk.byteLength;
      onBytes(received);
      if (limit !== undefined && received > limit) break;
    }
    await inFolder(file.sync());
  } finally {
    await file.close();
  }
  if (limit !== undefined && received < limit) throw new Error("the connection ended early");
}

/** A failure of the disk is no reason to ask the host again. throws  store.full, store.unavailable */
async function inFolder<T>(work: Promise<T>): Promise<T> {
  return await work.catch((cause: unknown) => {
    throw diskError(cause);
  });
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.size ?? 0;
}

function rangeStart(response: Response): number | undefined {
  const match = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
  return match ? Number(match[1]) : undefined;
}

/** Bytes of the whole file, by what an answer says; undefined where it does not. */
function wholeLength(response: Response): number | undefined {
  const range = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
  const length = response.status === 200 ? response.headers.get("content-length") : undefined;
  const found = range ?? length ?? undefined;
  return found === undefined ? undefined : Number(found);
}

function refused(url: string, status: number): NexusError {
  const why = status === 404 ? "has no" : "does not give out";
  return new NexusError(
    "embed.model_missing",
    `[nexus/embed] the host ${why} ${url} (${status}); download it elsewhere and import it`,
  );
}

function unreachable(url: string, cause: unknown): NexusError {
  return new NexusError(
    "embed.model_missing",
    `[nexus/embed] ${url} cannot be fetched after ${ATTEMPTS} attempts; what came is kept: pull again, or import a folder`,
    { cause },
  );
}
