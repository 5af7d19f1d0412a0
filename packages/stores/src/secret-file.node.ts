/** Secrets that a local server makes for itself on its first start. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { NexusError, type Random, systemRandom } from "@nexus/core";

import { writeFileAtomically } from "./atomic-file.node.ts";
import { errnoOf, translateFileError } from "./file-failures.node.ts";

/**
 * The secret kept in a file: read where there is one, else made of random bytes, mode 0600.
 *
 * throws  `config.invalid` when the file has another length
 */
export async function secretFile(
  directory: string,
  name: string,
  bytes: number = 32,
  random: Random = systemRandom,
): Promise<Uint8Array> {
  const path = join(directory, name);
  try {
    const secret = (await readOrUndefined(path)) ?? (await create(path, random.bytes(new Uint8Array(bytes))));
    if (secret.byteLength === bytes) return secret;
    throw new NexusError(
      "config.invalid",
      `[nexus/stores] the secret file ${name} has ${secret.byteLength} bytes, expected ${bytes}; restore or remove it`,
    );
  } catch (error) {
    throw translateFileError(error, `opening the secret file ${name}`);
  }
}

/** Two makers at once agree on the one that was first. */
async function create(path: string, fresh: Uint8Array): Promise<Uint8Array> {
  try {
    await writeFileAtomically(path, fresh, { mode: 0o600, create: true });
    return fresh;
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    return (await readOrUndefined(path)) ?? fresh;
  }
}

async function readOrUndefined(path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
