/** Data beside the project, in ../shared/data, which a clone does not have. */

import { existsSync } from "node:fs";

const FOLDER = new URL("../../../../shared/data/", import.meta.url);

/** The file's address, or undefined where it is absent. */
export function sharedFile(path: string): URL | undefined {
  const file = new URL(path, FOLDER);
  return existsSync(file) ? file : undefined;
}
