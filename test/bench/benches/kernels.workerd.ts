/** The Worker of the kernels bench: runs a case as often as it is told. Its clock stands still meanwhile, so the bench takes the time outside. */

import { type Build, KINDS, loopOf, type Numbers, numbersOf, passOf } from "./kernels-cases.ts";

let numbers: Numbers | undefined;
/** Of the numbers at hand: kind and build → its pass. */
const passes = new Map<string, () => number>();

/** `?kind=0&build=relaxed&d=384&n=10000&iterations=100`: kind is a place in KINDS; build `loop` is the rival. */
export const worker: { fetch(request: Request): Response } = {
  fetch(request) {
    const { searchParams } = new URL(request.url);
    const [kind, d, n, iterations] = ["kind", "d", "n", "iterations"].map((name) => Number(searchParams.get(name)));
    const build = searchParams.get("build") as Build | "loop";
    if (numbers === undefined || numbers.dimension !== d || numbers.count !== n) {
      numbers = numbersOf(d!, n!);
      passes.clear();
    }
    const name = `${kind} ${build}`;
    const known = KINDS[kind!]!;
    const run = passes.get(name) ?? (build === "loop" ? loopOf(known.rival, numbers) : passOf(known, build, numbers));
    passes.set(name, run);
    let sum = 0;
    for (let i = 0; i < iterations!; i++) sum += run();
    return Response.json(sum);
  },
};
