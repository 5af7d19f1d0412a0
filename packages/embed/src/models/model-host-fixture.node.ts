/** A model host for tests: files by path, and every way in which a real one fails. */

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Faults {
  /** Ends the connection after so many bytes of each answer. */
  cutAfter?: number;
  /** Changes a byte of each answer. */
  corrupt?: boolean;
  /** Sends the whole file whatever was asked. */
  ignoreRange?: boolean;
  /** Instead of an answer. */
  status?: number;
  /** Instead of an answer to HEAD. */
  headStatus?: number;
  /** Milliseconds between pieces of 1 KiB. */
  slowMs?: number;
  /** Sends no byte of a body. */
  stall?: boolean;
  /** Declares no sums. */
  silent?: boolean;
}

export interface ModelHost {
  readonly url: string;
  readonly faults: Faults;
  /** "GET path" or "GET path bytes=3-" in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

export async function startModelHost(files: Readonly<Record<string, Uint8Array>>): Promise<ModelHost> {
  const faults: Faults = {};
  const requests: string[] = [];
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = /resolve\/[^/]+\/(.*)$/.exec(decodeURIComponent(request.url ?? ""))?.[1] ?? "";
    const range = request.headers.range;
    requests.push([request.method, path, ...(range === undefined ? [] : [range])].join(" "));
    const file = files[path];
    if (faults.headStatus !== undefined && request.method === "HEAD")
      return void response.writeHead(faults.headStatus).end();
    if (faults.status !== undefined || !file) return void response.writeHead(faults.status ?? 404).end();
    const start = faults.ignoreRange === true ? 0 : Number(/bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
    if (start >= file.length && start > 0) return void response.writeHead(416).end();
    response.writeHead(start > 0 ? 206 : 200, {
      "content-length": file.length - start,
      ...(faults.silent === true ? {} : declared(file)),
      ...(start > 0 ? { "content-range": `bytes ${start}-${file.length - 1}/${file.length}` } : {}),
    });
    if (request.method === "HEAD") return void response.end();
    const body = Uint8Array.from(file.subarray(start));
    if (faults.corrupt === true) body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
    if (faults.stall === true) return response.flushHeaders();
    await send(response, body, faults);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** As the real host does: SHA-256 of large files, git's SHA-1 of small ones. */
function declared(file: Uint8Array): Record<string, string> {
  const commit = { "x-repo-commit": "c0ffee" };
  if (file.length < 1_000) {
    const blob = createHash("sha1").update(`blob ${file.length}\0`).update(file).digest("hex");
    return { ...commit, etag: `"${blob}"` };
  }
  const sum = createHash("sha256").update(file).digest("hex");
  return { ...commit, "x-linked-etag": `"${sum}"`, "x-linked-size": String(file.length) };
}

async function send(response: ServerResponse, body: Uint8Array, { cutAfter, slowMs }: Faults): Promise<void> {
  const part = cutAfter === undefined ? body : body.subarray(0, cutAfter);
  const step = slowMs === undefined ? part.length : 1_024;
  for (let at = 0; at < part.length; at += step) {
    response.write(part.subarray(at, at + step));
    if (slowMs !== undefined) await new Promise((resolve) => setTimeout(resolve, slowMs));
  }
  // After the last byte is on its way, so that a cut one is a cut and not a lost one.
  if (cutAfter === undefined) response.end();
  else setTimeout(() => response.destroy(), 20);
}
