/** The wasm exports themselves, at offsets of every alignment. */

import { kernelModule } from "#wasm";
import type { KernelExports, Scan } from "../exports.ts";
import { expectSame, type Properties, noise } from "./cases.ts";

const D = 83;
const COUNT = 7;

export const ALIGNMENT: Properties = {
  "kernels give the same bits at offsets of every alignment": ({ build }) => {
    if (build === "scalar") return;
    const kernels = new WebAssembly.Instance(kernelModule(build)).exports as unknown as KernelExports;
    kernels.memory.grow(4);
    for (const run of [
      scanF32("dotMany"),
      scanF32("cosineMany"),
      scanF32("squaredL2Many"),
      codes,
      signs,
      f16,
      rotation,
    ]) {
      const exact = run(kernels, 0);
      for (let shift = 1; shift < 16; shift++) expectSame(run(kernels, shift), exact, `shift ${shift}`);
    }
  },
};

/** Runs at some offset and returns what came out, as bytes. */
type Run = (kernels: KernelExports, shift: number) => Uint8Array;

const A = 4_096;
const B = 16_384;
const OUT = 65_536;

function put({ memory }: KernelExports, at: number, values: Float32Array): void {
  new Uint8Array(memory.buffer).set(new Uint8Array(values.buffer), at);
}

function got({ memory }: KernelExports, at: number, bytes: number): Uint8Array {
  return new Uint8Array(memory.buffer).slice(at, at + bytes);
}

function scanF32(name: "dotMany" | "cosineMany" | "squaredL2Many"): Run {
  return (kernels, shift) => {
    put(kernels, A + shift, noise(D, 1));
    put(kernels, B + 3 * shift, noise(D * COUNT, 2));
    kernels[name](A + shift, B + 3 * shift, OUT + 5 * shift, D, COUNT);
    return got(kernels, OUT + 5 * shift, 4 * COUNT);
  };
}

/** Both vectors as codes, dots of them. */
function codes(kernels: KernelExports, shift: number): Uint8Array {
  put(kernels, A + shift, noise(D, 3));
  for (let row = 0; row < COUNT; row++) kernels.quantise(A + shift, D - row, B + 7 * shift + 96 * row, 96);
  return scanned(kernels, kernels.dotCodesMany, shift, 96);
}

function signs(kernels: KernelExports, shift: number): Uint8Array {
  put(kernels, A + shift, noise(D, 3));
  for (let row = 0; row < COUNT; row++) kernels.packSigns(A + shift, D - row, B + 7 * shift + 16 * row, 16);
  return scanned(kernels, kernels.hammingMany, shift, 16);
}

/** The query is the second row. */
function scanned(kernels: KernelExports, scan: Scan, shift: number, width: number): Uint8Array {
  const rows = B + 7 * shift;
  scan(rows + width, rows, OUT + 3 * shift, width, COUNT);
  return got(kernels, OUT + 3 * shift, 4 * COUNT);
}

function f16(kernels: KernelExports, shift: number): Uint8Array {
  put(kernels, A + shift, noise(D, 5));
  for (let row = 0; row < COUNT; row++) kernels.narrowToF16(A + shift, D - row, B + 7 * shift + 168 * row, 84);
  put(kernels, A + shift, Float32Array.of(...noise(D, 6), 0));
  kernels.dotF16Many(A + shift, B + 7 * shift, OUT + shift, 84, COUNT);
  return got(kernels, OUT + shift, 4 * COUNT);
}

function rotation(kernels: KernelExports, shift: number): Uint8Array {
  put(kernels, A + shift, noise(D, 7));
  kernels.rotate(A + shift, D);
  return got(kernels, A + shift, 4 * D);
}
