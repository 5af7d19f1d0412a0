/** The release's version, from the root package.json. */

import { readFileSync } from "node:fs";

const root = new URL("../../package.json", import.meta.url);

export const VERSION = (JSON.parse(readFileSync(root, "utf8")) as { version: string }).version;
