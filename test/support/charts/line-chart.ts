/** Lines through points, on linear or logarithmic axes. */

import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from "d3-scale";
import { line } from "d3-shape";
import { colour, element, frame, label, legend } from "./svg.ts";

interface Axis {
  /** What it shows, with its unit. */
  readonly name: string;
  readonly scale: "linear" | "log";
  /** Ends; those of the data when left out. */
  readonly range?: readonly [number, number];
}

export interface LineChart {
  readonly title: string;
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[];
  /** The line y = x, dashed: what a calibrated probability would be. */
  readonly diagonal?: boolean;
}

const WIDTH = 520;
const HEIGHT = 360;
const LEFT = 64;
const TOP = 60;
const RIGHT = 20;
const BOTTOM = 72;

export function lineChart({ title, description, x, y, series, diagonal = false }: LineChart): string {
  const points = series.flatMap((one) => one.points);
  const across = scaleOf(
    x,
    points.map(([value]) => value),
    [LEFT, WIDTH - RIGHT],
  );
  const up = scaleOf(
    y,
    points.map(([, value]) => value),
    [HEIGHT - BOTTOM, TOP],
  );
  const path = line<readonly [number, number]>(
    ([value]) => across(value),
    ([, value]) => up(value),
  );
  const grid = [
    ...ticksOf(y, up).map((tick) => {
      const at = up(tick);
      return (
        element("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: at, y2: at, stroke: "#d8dee4" }) +
        label(plain(tick), LEFT - 8, at + 4, { "text-anchor": "end", "font-size": 11 })
      );
    }),
    ...ticksOf(x, across).map((tick) =>
      label(plain(tick), across(tick), HEIGHT - BOTTOM + 18, { "text-anchor": "middle", "font-size": 11 }),
    ),
  ];
  const [low, high] = across.domain() as [number, number];
  const ideal = diagonal
    ? element("path", {
        d:
          path([
            [low, low],
            [high, high],
          ]) ?? "",
        stroke: "#8c959f",
        "stroke-dasharray": "4 4",
        fill: "none",
      })
    : "";
  const lines = series.map(({ points: own }, i) => {
    const dots = own.map(([a, b]) => element("circle", { cx: across(a), cy: up(b), r: 3, fill: colour(i) })).join("");
    return element("path", { d: path(own) ?? "", stroke: colour(i), "stroke-width": 2, fill: "none" }) + dots;
  });
  const names =
    label(y.name, 16, 46, { "font-size": 11, fill: "#57606a" }) +
    label(x.name, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 36, {
      "text-anchor": "middle",
      "font-size": 11,
      fill: "#57606a",
    });
  const key =
    series.length > 1
      ? legend(
          series.map(({ name }) => name),
          LEFT,
          HEIGHT - 12,
        )
      : "";
  return frame(
    { title, description, width: WIDTH, height: HEIGHT },
    grid.join("") + ideal + lines.join("") + names + key,
  );
}

function scaleOf(
  axis: Axis,
  values: readonly number[],
  pixels: [number, number],
): ScaleContinuousNumeric<number, number> {
  const positive = axis.scale === "log" ? values.filter((value) => value > 0) : values;
  const ends = axis.range ?? [Math.min(...positive), Math.max(...positive)];
  return axis.scale === "log" ? scaleLog([...ends], pixels).nice() : scaleLinear([...ends], pixels).nice(5);
}

/** Powers of ten on a logarithmic axis. */
function ticksOf({ scale }: Axis, of: ScaleContinuousNumeric<number, number>): number[] {
  const ticks = of.ticks(5);
  return scale === "log" ? ticks.filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e9) / 1e9)) : ticks;
}

function plain(value: number): string {
  if (value >= 1_000) return value.toLocaleString("en");
  return String(Math.round(value * 1e6) / 1e6);
}
