/** How the kernels bench names what it measured. */

import { less, type Row } from "../harness/bench.ts";
import type { Build, Kind, Numbers } from "./kernels-cases.ts";

export type Shapes = readonly (readonly [dimension: number, count: number])[];

type Shape = Pick<Numbers, "dimension" | "count">;

/** Rows are named where they are not 10,000. */
export function shapeName({ dimension, count }: Shape): string {
  return `d = ${dimension}${count === 10_000 ? "" : `, ${count} rows`}`;
}

export function rowOf(where: string, kind: Kind, build: Build, shape: Shape, nanoseconds: number, loop: number): Row {
  return {
    bench: "kernels",
    case: `${kind.name}, ${where}, ${build}, ${shapeName(shape)}`,
    metric: "time per vector, median",
    value: nanoseconds,
    unit: "ns",
    ...less(nanoseconds, { rival: `scalar f32 ${kind.rival}`, rivalValue: loop }),
  };
}
