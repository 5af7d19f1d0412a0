/** 8-bit codes, signs and binary16 numbers in plain JavaScript; the formulas are in wasm/README.md. */

const ZERO = 64;
const SMALLEST = 2 ** -120;

/** Codes of 1…127 into `codes`, filled up with 64; returns the scale. Each step is rounded to f32, as in wasm: the codes are the same. */
export function scalarQuantise(vector: Float32Array, codes: Uint8Array): number {
  let largest = 0;
  for (const number of vector) largest = Math.max(largest, Math.abs(number));
  codes.fill(ZERO);
  if (!(largest >= SMALLEST)) return 0;
  const factor = Math.fround(63 / largest);
  for (let i = 0; i < vector.length; i++) codes[i] = roundToEven(Math.fround(vector[i]! * factor)) + ZERO;
  return Math.fround(largest / 63);
}

/** Σ (a − 64)·(b − 64), over `a.length` codes of `b` from `offset` on. */
export function scalarCodesDot(a: Uint8Array, b: Uint8Array, offset: number = 0): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - ZERO) * (b[offset + i]! - ZERO);
  return sum;
}

export function scalarPackSigns(vector: Float32Array, bits: Uint8Array): void {
  bits.fill(0);
  for (let i = 0; i < vector.length; i++) if (vector[i]! > 0) bits[i >> 3]! |= 1 << (i & 7);
}

export function scalarHamming(a: Uint8Array, b: Uint8Array, offset: number = 0): number {
  let distance = 0;
  for (let i = 0; i < a.length; i++) {
    for (let differ = a[i]! ^ b[offset + i]!; differ > 0; differ &= differ - 1) distance++;
  }
  return distance;
}

/** The binary16 number nearest to a finite f32 number, ties to even; ±65,504 for what is beyond. */
export function scalarF16(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude >= 65_520) return Math.sign(x) * 65_504;
  // Numbers of one exponent are this far apart; denormals are 2⁻²⁴ apart.
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude)));
  const step = 2 ** (exponent - 10);
  return Math.sign(x) * roundToEven(magnitude / step) * step;
}

function roundToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
}
