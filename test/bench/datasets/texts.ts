/** Distinct short texts of the shared training pairs, in an order that depends on the texts alone. */

import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";

const PAIRS = fileURLToPath(new URL("../../../../shared/data/train/", import.meta.url));

/** A turn or a note, not a label and not a page. */
const WORDS = { least: 5, most: 32 };

export function hasPairs(): boolean {
  return existsSync(PAIRS) && parts().length > 0;
}

/** `count` texts, ascending by their SHA-1: a uniform sample, and so is every beginning of it. Texts that differ in case or spaces only count as one, because the model does not see the difference. Translations are left out: the model is trained on English. */
export async function sampledTexts(count: number): Promise<string[]> {
  const texts = new Map<string, string>();
  for (const part of parts()) {
    const lines = createInterface({ input: createReadStream(`${PAIRS}${part}`).pipe(createGunzip()) });
    for await (const line of lines) {
      const { a, b, k } = JSON.parse(line) as { a: string; b: string; k: string };
      if (k === "xling") continue;
      for (const text of [a, b]) {
        const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
        if (words.length < WORDS.least || words.length > WORDS.most) continue;
        const digest = createHash("sha1").update(words.join(" ")).digest("base64");
        if (!texts.has(digest)) texts.set(digest, text);
      }
    }
  }
  return [...texts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, count)
    .map(([, text]) => text);
}

function parts(): string[] {
  return readdirSync(PAIRS).filter((name) => /^pairs-\d+\.jsonl\.gz$/u.test(name));
}
