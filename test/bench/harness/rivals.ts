/** A library of the rivals' own package, installed there when it is first needed. */

import { load, skipped } from "../rivals/load.ts";

/** The module, or undefined where it cannot be installed (no network): then the rival is left out, and said so. */
export async function rival<T>(name: string): Promise<T | undefined> {
  const module = await load<T>(name);
  if (!module) console.log(`  skipped: ${skipped().at(-1) ?? name}`);
  return module;
}
