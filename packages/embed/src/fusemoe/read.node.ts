/** The fusion networks that come with the package. */

import { existsSync, readFileSync } from "node:fs";

import { decodeFusion } from "./format.ts";
import type { FusionWeights } from "./weights.ts";

export interface ReadFuseMoeOptions {
  /** Name and revision of each member's model that is here, by its id; a network of others is refused. */
  readonly models?: Readonly<Record<string, string>> | undefined;
}

const FOLDER = new URL("../../model/", import.meta.url);

/**
 * The trained fusion of these members; undefined where none comes with the package.
 *
 * cost     30 ms for E0 and E1
 * throws   `embed.load_failed`, `embed.checksum`, `embed.not_trained`
 */
export function readFuseMoe(
  members: readonly string[],
  { models }: ReadFuseMoeOptions = {},
): FusionWeights | undefined {
  const file = new URL(`fusemoe-${members.join("-")}.bin`, FOLDER);
  return existsSync(file) ? decodeFusion(readFileSync(file), { models }) : undefined;
}
