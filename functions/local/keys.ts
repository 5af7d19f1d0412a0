/** Who may call: the keys of `NEXUS_API_KEYS`, or one that is generated into the data directory on the first start; beside them keys made by request, and user tokens. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, GRANTS, NexusError, type RecordStore, systemRandom, type TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import {
  createCredentials,
  createKeyStore,
  type Credentials,
  generateApiKey,
  knownKey,
  type KnownKey,
  parseApiKeys,
  type UserTokens,
} from "@nexus/platform";
import { isLoopback, type LocalConfig } from "./config.ts";

export interface Keys {
  readonly credentials: Credentials;
  /** The generated key, for tenant `default` with all grants; undefined when the operator gave keys. */
  readonly generated: string | undefined;
}

export interface KeyOptions {
  readonly directory: string;
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly tokens: UserTokens;
}

/** The tenant that holds what must be found before a tenant is known; API keys cannot name it. */
const SYSTEM_TENANT = "_";

/** throws  config.invalid for keys that cannot be read, and for a server off loopback that was given none */
export async function readKeys(options: KeyOptions, config: LocalConfig): Promise<Keys> {
  const { directory, records, clock, tokens } = options;
  const { fixed, generated } = await fixedKeys(directory, config);
  const [scope] = systemScopes("keys", [SYSTEM_TENANT]) as [TenantScope];
  const credentials = createCredentials({
    fixed,
    fixedName: generated === undefined ? "NEXUS_API_KEYS" : "the generated key",
    store: createKeyStore({ records, scope, clock, random: systemRandom }),
    tokens,
    userRatePerMinute: config.userRatePerMinute,
  });
  return { credentials, generated };
}

async function fixedKeys(
  directory: string,
  { apiKeys, host, http }: LocalConfig,
): Promise<{ fixed: readonly KnownKey[]; generated: string | undefined }> {
  const ratePerMinute = http.keyRatePerMinute;
  if (apiKeys !== undefined) return { fixed: parseApiKeys(apiKeys, { ratePerMinute }), generated: undefined };
  if (!isLoopback(host)) {
    throw new NexusError(
      "config.invalid",
      `[nexus/local] HOST ${host} can be reached from outside this machine: set NEXUS_API_KEYS (key:tenant:scopes, for example from \`openssl rand -hex 32\`), or leave HOST at 127.0.0.1`,
    );
  }
  const generated = await keyFile(join(directory, "key"));
  return { fixed: [knownKey(generated, { tenant: "default", grants: GRANTS, ratePerMinute })], generated };
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
