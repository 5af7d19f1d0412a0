/** Test support: command lines in this process, against a server of the test's own. */

import { createClient } from "@nexus/client";
import { runCli } from "./cli.ts";
import type { Terminal } from "./terminal.ts";

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Setting {
  readonly answer?: (
    path: string,
    body: unknown,
    request: { readonly method: string; readonly search: string },
  ) => Response | Promise<Response>;
  readonly connectError?: Error;
  readonly terminal?: Partial<Terminal>;
  readonly signal?: AbortSignal;
}

/** Runs one command line against `answer`, which is given the path and the body: parsed JSON, or the text as it was sent. */
export async function run(argv: string[], { answer, connectError, terminal, signal }: Setting = {}): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const client = createClient({
    url: "http://nexus.test",
    retry: { retries: 0 },
    fetch: async (url, { body, method, headers }) => {
      if (!answer) throw new TypeError("fetch failed");
      const isJson = (headers as Record<string, string>)["content-type"] === "application/json";
      const sent = typeof body === "string" ? (isJson ? (JSON.parse(body) as unknown) : body) : undefined;
      const { pathname, search } = new URL(url);
      return answer(pathname, sent, { method: method ?? "GET", search });
    },
  });
  const code = await runCli(argv, {
    terminal: {
      out: (text) => void out.push(text),
      write: async (bytes) => void out.push(new TextDecoder().decode(bytes).trimEnd()),
      err: (text) => void err.push(text),
      redraw: () => {},
      outIsTty: false,
      errIsTty: false,
      colour: false,
      width: undefined,
      ask: async () => undefined,
      readInput: async () => new Uint8Array(),
      ...terminal,
    },
    env: {},
    signal: signal ?? new AbortController().signal,
    connect: async () => {
      if (connectError) throw connectError;
      return { client, where: "http://nexus.test", embedded: false, close: async () => {} };
    },
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}
