/** Quality figures of the parts: which there are, and how they are shown. */

import { accuracyRows } from "./engines/accuracy.ts";
import { intelligenceRows } from "./engines/intelligence.ts";
import { learningRows } from "./engines/learning.ts";
import { miningRows } from "./engines/mining.ts";
import { contextRows } from "./context.ts";
import { domainRows } from "./quality/domain.ts";
import { embeddingRows } from "./quality/embedding.ts";
import { entitiesRows } from "./quality/entities.ts";
import { fusemoeRows } from "./quality/fusemoe.ts";
import { languageRows } from "./quality/language.ts";
import { mergeRows } from "./quality/merge.ts";
import { neardupRows } from "./quality/neardup.ts";
import type { QualityRow } from "./quality/row.ts";
import { semanticCacheE1Rows, semanticCacheRows } from "./quality/semantic-cache.ts";
import { supersedeRows } from "./quality/supersede.ts";
import type { Row } from "./report.ts";

/** undefined: its data is not on this machine. */
type Figures = () => Promise<QualityRow[] | undefined>;

export const QUALITY: Readonly<Record<string, Figures>> = {
  language: languageRows,
  entities: entitiesRows,
  neardup: neardupRows,
  merge: mergeRows,
  supersede: supersedeRows,
  domain: domainRows,
  "semantic-cache": semanticCacheRows,
  "semantic-cache-e1": semanticCacheE1Rows,
  embedding: embeddingRows,
  "embedding-e1": fusemoeRows,
  context: contextRows,
  accuracy: accuracyRows,
  intelligence: intelligenceRows,
  learning: learningRows,
  mining: miningRows,
};

/** Runs and prints one kind; its rows for machines. */
export async function runQuality(name: string): Promise<Row[] | undefined> {
  const started = performance.now();
  const rows = await QUALITY[name]?.();
  if (rows === undefined) return undefined;
  console.log(`\n${name} (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
  const sets = Math.max(...rows.map(({ set }) => set.length));
  const metrics = Math.max(...rows.map(({ metric }) => metric.length));
  for (const { set, metric, value, baseline, rival, samples } of rows) {
    const beside = baseline === undefined ? "" : `${shown(baseline)} ${rival ?? "baseline"}`;
    console.log(
      `  ${set.padEnd(sets)}  ${metric.padEnd(metrics)}  ${shown(value).padStart(8)}  of ${String(samples).padEnd(6)} ${beside}`.trimEnd(),
    );
  }
  return rows.map(({ set, metric, value, baseline }) => ({
    set: `${name}: ${set}`,
    metric,
    value,
    baseline: baseline ?? null,
  }));
}

function shown(value: number): string {
  return Number.isInteger(value)
    ? String(value)
    : Math.abs(value) < 1
      ? value.toFixed(3).replace(/^0\./, ".")
      : value.toFixed(2);
}
