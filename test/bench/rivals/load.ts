/** Libraries that only the benches use: they live in this folder's node_modules and are installed when first needed. */

import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
/** npm writes it last. */
const INSTALLED = `${FOLDER}node_modules/.package-lock.json`;

const missing = new Map<string, string>();
let tried = false;

/** The module, or undefined where it does not install (no network, no compiler) or load: then it is left out, and `skipped` names it. */
export async function load<T>(name: string, from: string = name): Promise<T | undefined> {
  if (!isInstalled()) install();
  try {
    // Not a literal: types are checked where it is not installed as well.
    return (await import(from)) as T;
  } catch (error) {
    missing.set(name, (error as Error).message.split("\n")[0] ?? "");
    return undefined;
  }
}

/** A file of an installed package, for what no bundler-free import reaches. */
export function fileOf(name: string, path: string): string {
  return `${FOLDER}node_modules/${name}/${path}`;
}

/** What was asked for and is not there, with the reason. */
export function skipped(): readonly string[] {
  return [...missing].map(([name, why]) => `${name}: ${why}`);
}

function isInstalled(): boolean {
  return existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(`${FOLDER}package-lock.json`).mtimeMs;
}

function install(): void {
  if (tried) return;
  tried = true;
  console.error("installing the rivals into test/bench/rivals/node_modules");
  spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", FOLDER], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      // npm leaves out what does not run on the Node that runs npm.
      PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
      // Its install script downloads GPU libraries and fails without a network; the CPU ones are in the package.
      ONNXRUNTIME_NODE_INSTALL: "skip",
    },
  });
}
