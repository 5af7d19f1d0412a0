/** Finds the server to talk to; with none running, the same app runs in this process. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient, type NexusClient } from "@nexus/client";
import { NexusError } from "@nexus/core";

const HEALTH_TIMEOUT_MS = 2_000;

export interface Connection {
  readonly client: NexusClient;
  /** Where the memories are, for people. */
  readonly where: string;
  /** Whether the app runs in this process. */
  readonly embedded: boolean;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Log lines of an app in this process. */
  readonly log: (line: string) => void;
}

/** throws  auth.missing without a key for a server elsewhere; what opening the data directory throws */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { env } = options;
  const dataDir = options.dataDir ?? given(env["NEXUS_DATA_DIR"]) ?? ".nexus";
  const key = options.key ?? given(env["NEXUS_API_KEY"]);
  const url = options.url ?? given(env["NEXUS_URL"]);
  if (url !== undefined && key !== undefined) return remote(checkedUrl(url), key);
  const local = await runningServer(dataDir);
  // The generated key goes to the server that made it, and to no other address.
  if (url !== undefined) return remote(checkedUrl(url), checkedUrl(url) === local ? await keyFile(dataDir) : undefined);
  if (local !== undefined) return remote(local, key ?? (await keyFile(dataDir)));
  return embedded({ ...options, dataDir, key });
}

/** The address in `server.json`, if its process lives and answers. */
async function runningServer(dataDir: string): Promise<string | undefined> {
  try {
    const { url, pid } = JSON.parse(await readFile(join(dataDir, "server.json"), "utf8")) as {
      url: string;
      pid: number;
    };
    process.kill(pid, 0);
    await createClient({ url, retry: { retries: 0 }, timeoutMs: HEALTH_TIMEOUT_MS }).health();
    return url;
  } catch {
    return undefined;
  }
}

function remote(url: string, key: string | undefined): Connection {
  if (key === undefined) {
    throw new NexusError("auth.missing", `${url} needs an API key: give --key, or set NEXUS_API_KEY`);
  }
  return { client: createClient({ url, key }), where: url, embedded: false, close: async () => {} };
}

/** Loads the server only here, so that everything else starts at once. */
async function embedded(options: ConnectOptions & { readonly dataDir: string }): Promise<Connection> {
  const { env, dataDir, log } = options;
  const [{ openLocal }, { readConfig }] = await Promise.all([import("../local/app.ts"), import("../local/config.ts")]);
  // Nobody else can reach an app in this process, whatever HOST says.
  const local = await openLocal(readConfig(env, { dataDir, host: "127.0.0.1" }), log);
  const key = options.key ?? local.key ?? env["NEXUS_API_KEYS"]?.split(",")[0]?.split(":")[0]?.trim();
  const client = createClient({
    url: "http://in-process",
    key,
    fetch: (url, init) => local.fetch(new Request(url, init)),
  });
  return { client, where: local.directory, embedded: true, close: () => local.close() };
}

/** The key that the server in this data directory generated; none when its operator gave keys. */
async function keyFile(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDir, "key"), "utf8")).trim();
  } catch {
    return undefined;
  }
}

function checkedUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed && /^https?:$/.test(parsed.protocol)) return url.replace(/\/+$/, "");
  throw new NexusError("config.invalid", `--url must be an http or https address, such as http://127.0.0.1:8787`);
}

function given(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text;
}
