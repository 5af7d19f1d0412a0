/** The rule for blob keys, the same for every driver. */

import { NexusError } from "@nexus/core";

const KEY = /^[a-z0-9._\-/]{1,512}$/;

/** throws  `internal.unexpected`: keys are made by our own code, so a bad one is a bug, and never reaches a path */
export function checkBlobKey(key: string): void {
  if (KEY.test(key) && key.split("/").every(isPart)) return;
  throw new NexusError(
    "internal.unexpected",
    "[nexus/stores] a blob key is 1 to 512 of a-z 0-9 . _ - /, without empty parts, . or ..",
  );
}

/** A prefix may end inside a part, or with `/`, or be empty. */
export function checkBlobPrefix(prefix: string): void {
  if (prefix === "") return;
  checkBlobKey(prefix.endsWith("/") ? prefix.slice(0, -1) : prefix.endsWith(".") ? `${prefix}x` : prefix);
}

function isPart(part: string): boolean {
  return part !== "" && part !== "." && part !== "..";
}
