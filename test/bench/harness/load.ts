/** A load generator that costs little: requests made beforehand, raw keep-alive sockets, answers only delimited. */

import { connect, type Socket } from "node:net";
import type { Samples } from "./measure.ts";

export interface Post {
  readonly url: string;
  readonly path: string;
  readonly key?: string | undefined;
  readonly body: string;
}

export interface Loaded {
  /** Of each request, milliseconds, ascending. */
  readonly samples: Samples;
  readonly perSecond: number;
}

const HEAD_END = Buffer.from("\r\n\r\n");

/** The bytes of a POST with a JSON body. */
export function postOf({ url, path, key, body }: Post): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    `host: ${new URL(url).host}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    ...(key === undefined ? [] : [`authorization: Bearer ${key}`]),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** Sends each request once, in order, over so many connections; each connection sends when its last answer is in (closed loop). throws for an answer other than 2xx */
export async function send(url: string, requests: readonly Buffer[], connections: number): Promise<Loaded> {
  const samples = new Float64Array(requests.length);
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: Math.min(connections, requests.length) }, async () => {
      const connection = await open(url);
      while (next < requests.length) {
        const i = next++;
        const sent = performance.now();
        await connection.exchange(requests[i]!);
        samples[i] = performance.now() - sent;
      }
      connection.end();
    }),
  );
  const perSecond = requests.length / ((performance.now() - started) / 1_000);
  return { samples: samples.sort(), perSecond };
}

interface Connection {
  /** Resolves with the size of the answer's body once all of it is in. */
  exchange(request: Buffer): Promise<number>;
  end(): void;
}

async function open(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let received = Buffer.alloc(0);
  let settle: { resolve(size: number): void; reject(error: Error): void } | undefined;
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  socket.on("error", (error) => settle?.reject(error));
  socket.on("close", () => settle?.reject(new Error("[bench] the server closed the connection")));
  socket.on("data", (part) => {
    received = received.length === 0 ? part : Buffer.concat([received, part]);
    const size = bodySize(received);
    if (size === undefined) return;
    const head = received.toString("latin1", 0, 12);
    received = Buffer.alloc(0);
    if (head.startsWith("HTTP/1.1 2")) settle?.resolve(size);
    else settle?.reject(new Error(`[bench] answered ${head}`));
  });
  return {
    exchange(request) {
      return new Promise((resolve, reject) => {
        settle = { resolve, reject };
        socket.write(request);
      });
    },
    end() {
      settle = undefined;
      socket.destroy();
    },
  };
}

/** Bytes of the body if all of the answer is there: by its length, or by the last chunk's end. */
function bodySize(received: Buffer): number | undefined {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = received.toString("latin1", 0, headEnd);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  const size = received.length - headEnd - HEAD_END.length;
  if (length !== undefined) return size >= Number(length) ? size : undefined;
  return received.subarray(-5).equals(Buffer.from("0\r\n\r\n")) ? size : undefined;
}
