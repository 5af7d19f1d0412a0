/** Rows as a table for people. */

import type { Row } from "./bench.ts";

export function printRows(rows: readonly Row[]): void {
  const width = Math.max(...rows.map((row) => row.case.length), 0);
  const metrics = Math.max(...rows.map(({ metric }) => metric.length), 0);
  for (const row of rows) {
    const rival = row.rival === undefined ? "" : `${number(row.rivalValue)} ${row.rival}`;
    const extras = [
      row.ratio === undefined ? "" : `× ${row.ratio.toFixed(2)}`,
      rival,
      row.recallAt10 === undefined ? "" : `recall@10 ${row.recallAt10.toFixed(3)}`,
      row.residentBytes === undefined ? "" : `${(row.residentBytes / 2 ** 20).toFixed(1)} MiB`,
    ].filter((text) => text !== "");
    console.log(
      `  ${row.case.padEnd(width)}  ${row.metric.padEnd(metrics)}  ${number(row.value).padStart(10)} ${row.unit.padEnd(7)} ${extras.join("; ")}`.trimEnd(),
    );
  }
}

function number(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 4;
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}
