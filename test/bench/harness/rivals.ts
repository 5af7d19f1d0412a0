/** Libraries that only the benches use; they live in test/bench/node_modules and are installed when first needed. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("..", import.meta.url));

/** The module, or undefined where it cannot be installed (no network): then the rival is left out, and said so. */
export async function rival<T>(name: string): Promise<T | undefined> {
  if (!existsSync(`${FOLDER}node_modules/${name}`)) {
    console.error(`installing what the benches need into ${FOLDER}node_modules`);
    spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--prefix", FOLDER], { stdio: ["ignore", "ignore", "inherit"] });
  }
  try {
    // Not a literal: types are checked without it as well.
    return (await import(name)) as T;
  } catch {
    console.error(`${name} is not there: its column stays empty`);
    return undefined;
  }
}
