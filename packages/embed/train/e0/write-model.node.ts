/** Writes the model files that ship, with how alike unrelated texts are to each of their prefixes. */

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { PREFIXES } from "../../src/static/format.ts";
import { createStaticEmbedder } from "../../src/static/static.ts";
import type { RowPlan } from "../../src/static/tokenise.ts";
import { quantise } from "./quantise.ts";
import { unrelatedCosine } from "./unrelated.node.ts";

export interface WriteModelOptions {
  readonly vocabulary: RowPlan;
  /** [rows · 256]. */
  readonly weights: Float32Array;
  readonly target: URL;
  readonly checksums: URL;
  readonly progress: (text: string) => void;
}

const DIMENSION = 256;
const EDGE = { dimension: 64, bits: 4 } as const;

/** Writes e0.bin and e0-edge.bin into the folder `target`, and their SHA-256 as a module. */
export async function writeModel({
  vocabulary,
  weights,
  target,
  checksums,
  progress,
}: WriteModelOptions): Promise<void> {
  mkdirSync(target, { recursive: true });
  const lines: string[] = [];
  for (const [name, size] of [
    ["e0.bin", { dimension: DIMENSION, bits: 8 }],
    ["e0-edge.bin", EDGE],
  ] as const) {
    const prefixes = PREFIXES.filter((prefix) => prefix <= size.dimension);
    const blank = quantise(vocabulary, weights, DIMENSION, { ...size, unrelated: prefixes.map(() => 0) });
    const unrelated: number[] = [];
    for (const dimension of prefixes) unrelated.push(await unrelatedCosine(createStaticEmbedder(blank, { dimension })));
    const bytes = quantise(vocabulary, weights, DIMENSION, { ...size, unrelated });
    writeFileSync(new URL(name, target), bytes);
    lines.push(`  "${name}": "${createHash("sha256").update(bytes).digest("hex")}",`);
    progress(
      `wrote ${name}: ${bytes.length} bytes; unrelated cosines ${unrelated.map((one) => one.toFixed(3)).join(", ")}`,
    );
  }
  writeFileSync(
    checksums,
    `/** SHA-256 of the committed model files. Written by \`npm run train -- e0\`; do not edit. */\n\nexport const E0_CHECKSUMS = {\n${lines.join("\n")}\n} as const;\n`,
  );
}
