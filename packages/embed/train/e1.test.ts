import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { openE1 } from "./e1.node.ts";

const MODEL = new URL("../../../../shared/models/all-MiniLM-L6-v2/", import.meta.url);

interface Expected {
  readonly cases: readonly { readonly text: string; readonly embedding: readonly number[] }[];
}

test.skipIf(!existsSync(MODEL))("E1's vectors agree with the original's to a cosine of .97", async () => {
  const { cases } = JSON.parse(readFileSync(new URL("expected.json", MODEL), "utf8")) as Expected;
  const e1 = await openE1(MODEL.pathname, 256);
  const vectors = await e1.embed(cases.map(({ text }) => text));
  await e1.close();
  for (const [i, { embedding }] of cases.entries()) {
    const cosine = embedding.reduce((sum, value, d) => sum + value * vectors[i]![d]!, 0);
    expect(cosine).toBeGreaterThan(0.97);
  }
});
