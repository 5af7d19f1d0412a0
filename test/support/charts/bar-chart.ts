/** Grouped bars: a few figures for each of a few groups. */

import { scaleBand, scaleLinear } from "d3-scale";
import { colour, element, frame, label, legend } from "./svg.ts";

export interface BarChart {
  readonly title: string;
  readonly description: string;
  /** What the height of a bar is, with its unit. */
  readonly axis: string;
  /** What the bars of a group are, in order. */
  readonly series: readonly string[];
  readonly groups: readonly { readonly name: string; readonly values: readonly (number | undefined)[] }[];
  /** Top of the axis; the largest value when left out. */
  readonly most?: number;
}

const LEFT = 56;
const TOP = 64;
const BOTTOM = 44;
const PLOT_HEIGHT = 220;

export function barChart({ title, description, axis, series, groups, most }: BarChart): string {
  const width = Math.max(480, LEFT + 24 + groups.length * (24 + 34 * series.length));
  const height = TOP + PLOT_HEIGHT + BOTTOM;
  const values = groups.flatMap((group) => group.values.filter((value) => value !== undefined));
  const y = scaleLinear([0, most ?? Math.max(...values, Number.MIN_VALUE)], [TOP + PLOT_HEIGHT, TOP]).nice(5);
  const x = scaleBand(
    groups.map(({ name }) => name),
    [LEFT, width - 16],
  ).padding(0.18);
  const inner = scaleBand(series, [0, x.bandwidth()]).padding(0.08);
  const lines = y.ticks(5).map((tick) => {
    const at = y(tick);
    return (
      element("line", { x1: LEFT, x2: width - 16, y1: at, y2: at, stroke: "#d8dee4" }) +
      label(String(tick), LEFT - 8, at + 4, { "text-anchor": "end", "font-size": 11 })
    );
  });
  const bars = groups.flatMap((group) =>
    group.values.map((value, i) => {
      if (value === undefined) return "";
      const left = (x(group.name) ?? 0) + (inner(series[i] ?? "") ?? 0);
      const bar = { x: left, y: y(value), width: inner.bandwidth(), height: y(0) - y(value), fill: colour(i), rx: 1.5 };
      const middle = left + inner.bandwidth() / 2;
      return (
        element("rect", bar) + label(short(value), middle, y(value) - 4, { "text-anchor": "middle", "font-size": 10 })
      );
    }),
  );
  const names = groups.map(({ name }) =>
    label(name, (x(name) ?? 0) + x.bandwidth() / 2, TOP + PLOT_HEIGHT + 18, { "text-anchor": "middle" }),
  );
  const side = label(axis, 16, 46, { "font-size": 11, fill: "#57606a" });
  const key = series.length > 1 ? legend(series, LEFT, height - 10) : "";
  return frame({ title, description, width, height }, side + lines.join("") + bars.join("") + names.join("") + key);
}

/** Three digits at most: ".789", "12.5", "1,204". */
function short(value: number): string {
  if (Math.abs(value) < 1) return value.toFixed(3).replace(/^(-?)0\./, "$1.");
  return value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 1 : 0 });
}
