/** Who may call: the keys of `NEXUS_API_KEYS`, or one that is generated into the data directory on the first start. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GRANTS, NexusError, systemRandom } from "@nexus/core";
import type { VerifyKey } from "@nexus/core/authority";
import { createKeyring, generateApiKey, knownKey, parseApiKeys } from "@nexus/platform";
import { isLoopback, type LocalConfig } from "./config.ts";

export interface Keys {
  readonly verify: VerifyKey;
  /** The generated key, for tenant `default` with all grants; undefined when the operator gave keys. */
  readonly generated: string | undefined;
}

/** throws  config.invalid for keys that cannot be read, and for a server off loopback that was given none */
export async function readKeys(directory: string, { apiKeys, host, keyRatePerMinute }: LocalConfig): Promise<Keys> {
  if (apiKeys !== undefined) {
    return { verify: createKeyring(parseApiKeys(apiKeys, { ratePerMinute: keyRatePerMinute })), generated: undefined };
  }
  if (!isLoopback(host)) {
    throw new NexusError(
      "config.invalid",
      `[nexus/local] HOST ${host} can be reached from outside this machine: set NEXUS_API_KEYS (key:tenant:scopes, for example from \`openssl rand -hex 32\`), or leave HOST at 127.0.0.1`,
    );
  }
  const generated = await keyFile(join(directory, "key"));
  const key = knownKey(generated, { tenant: "default", grants: GRANTS, ratePerMinute: keyRatePerMinute });
  return { verify: createKeyring([key]), generated };
}

/** The key in the file; made, with mode 0600, when there is none. */
async function keyFile(path: string): Promise<string> {
  try {
    const key = (await readFile(path, "utf8")).trim();
    if (key.length >= 16) return key;
    throw new NexusError("config.invalid", `[nexus/local] ${path} holds no API key; delete it and a new one is made`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const key = generateApiKey(systemRandom);
    await writeFile(path, `${key}\n`, { mode: 0o600, flag: "wx" });
    return key;
  }
}
