/** A real server process on a data directory of its own, to be talked to, stopped, or killed. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("../..", import.meta.url).pathname;

export const TEST_KEY = "test-key-of-tenant-a-0001";
export const OTHER_KEY = "test-key-of-tenant-b-0002";
export const READ_KEY = "test-key-read-only-00003";

/** Two tenants, and a key of the first that may only read. */
export const TEST_KEYS = `${TEST_KEY}:a:admin,${OTHER_KEY}:b:admin,${READ_KEY}:a:read`;

export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** SIGKILL: no handler runs. */
  readonly kill: () => Promise<void>;
  /** SIGTERM; the exit code. */
  readonly stop: () => Promise<number | null>;
}

export async function temporaryDirectory(name: string): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `nexus-${name}-`));
  return { path, remove: async () => await rm(path, { recursive: true, force: true }) };
}

/** Starts `functions/local` and waits until it answers. rejects  with what it wrote to standard error when it ends first */
export async function startServer(dataDir: string, env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const child = spawnServer(dataDir, env);
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const exited = once(child, "exit");
  const url = await Promise.race([greeted(child), exited.then(() => undefined)]);
  if (url === undefined) throw new Error(`the server ended with ${child.exitCode}: ${errors}`);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    return child.exitCode;
  };
  return { url, child, kill: async () => void (await end("SIGKILL")), stop: async () => await end("SIGTERM") };
}

export function spawnServer(dataDir: string, env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [join(root, "functions/local/main.ts")], {
    cwd: root,
    env: {
      ...process.env,
      PORT: "0",
      NEXUS_DATA_DIR: dataDir,
      NEXUS_API_KEYS: TEST_KEYS,
      NEXUS_LOG_LEVEL: "error",
      ...env,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

function greeted(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const url = /up:\s+(http:\S+)/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}
