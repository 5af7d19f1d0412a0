/** Test support: a server that speaks OpenAI's and Ollama's interface, or behaves as a test says, and a runner that asks it. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EmbedInput } from "@nexus/core";
import type { Runner } from "../models/runner.ts";
import { createRemoteRunner, type RemoteOptions } from "../remote.ts";

export const KEY = "sk-secret-of-the-test";

interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: { readonly model: string; readonly input: readonly string[]; readonly truncate?: boolean };
}

export type Behaviour = (asked: Asked, response: ServerResponse) => void;

export interface RemoteServer {
  /** All that was asked, in order. */
  readonly asked: Asked[];
  /** Answers that are not complete and whose connection is there. */
  readonly open: ReadonlySet<ServerResponse>;
  behave: Behaviour;
  /** A runner for the OpenAI interface, the key and two dimensions, on 1 May 2026 at 10:00. */
  remote(options?: Partial<RemoteOptions>): Runner;
  close(): void;
}

export async function startRemoteServer(): Promise<RemoteServer> {
  const asked: Asked[] = [];
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    open.add(response);
    response.once("close", () => open.delete(response));
    void handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text) as Asked["body"];
    const one = { path: request.url ?? "", authorization: request.headers.authorization, body };
    asked.push(one);
    fixture.behave(one, response);
  }

  const fixture: RemoteServer = {
    asked,
    open,
    behave: wellBehaved,
    remote: (options) =>
      createRemoteRunner({
        url,
        kind: "openai",
        model: "m",
        key: KEY,
        dimension: 2,
        fetch: (target, init) => fetch(target, init),
        clock: { now: () => Date.parse("2026-05-01T10:00:00Z") },
        ...options,
      }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return fixture;
}

/** The vector of a text is its length and 1, and it has as many tokens as characters. */
export function wellBehaved({ path, body }: Asked, response: ServerResponse): void {
  const vectors = body.input.map((text) => [text.length, 1]);
  const tokens = body.input.join("").length;
  // The last first: `index` says which is which.
  const data = vectors.map((embedding, index) => ({ object: "embedding", index, embedding })).reverse();
  const openAi = { object: "list", data, model: body.model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
  json(response, path === "/api/embed" ? { embeddings: vectors, prompt_eval_count: tokens } : openAi);
}

/** Answers with a status and a body that repeats what it should not. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return (_asked, response) => response.writeHead(code, headers).end("the text was: hello");
}

export function answer(value: unknown): Behaviour {
  return (_asked, response) => json(response, value);
}

export function raw(body: string | Uint8Array): Behaviour {
  return (_asked, response) => response.writeHead(200, { "content-type": "application/json" }).end(body);
}

/** Ends the connection in the middle of the answer. */
export function cutOff(_asked: Asked, response: ServerResponse): void {
  response.writeHead(200, { "content-length": "1000" });
  response.write('{"data":[', () => response.destroy());
}

/** White space, which JSON allows without end. */
export function endless(_asked: Asked, response: ServerResponse): void {
  response.writeHead(200);
  const more = () => {
    while (!response.destroyed && response.write(" ".repeat(16_384)));
    if (!response.destroyed) response.once("drain", more);
  };
  more();
}

export function text(content: string): EmbedInput {
  return { modality: "text", content };
}

/** Texts of 1, 2, 3 … characters. */
export function texts(count: number): EmbedInput[] {
  return Array.from({ length: count }, (_, i) => text("x".repeat(i + 1)));
}

/** The vector of a text of so many characters, with unit length. */
export function unit(length: number): number[] {
  return [...Float32Array.of(length / Math.hypot(length, 1), 1 / Math.hypot(length, 1))];
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}
