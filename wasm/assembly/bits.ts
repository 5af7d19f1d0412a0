/** Signs of f32 vectors, one bit a number, and how many of them differ. */

/**
 * Hamming distance of two rows of bits.
 *
 * shapes   a, b: [width] bytes; width a multiple of 16
 * cost     width/8 loads of 8 bytes, xors and popcounts; no allocation
 */
export function hamming(a: usize, b: usize, width: u32): u32 {
  let sum0: u64 = 0;
  let sum1: u64 = 0;
  const end = a + <usize>width;
  for (; a < end; a += 16, b += 16) {
    sum0 += popcnt(load<u64>(a) ^ load<u64>(b));
    sum1 += popcnt(load<u64>(a, 8) ^ load<u64>(b, 8));
  }
  return <u32>(sum0 + sum1);
}

/**
 * Bit i (of byte i/8, from its low end) = number i is above 0; the rest of the row is 0.
 *
 * shapes   values: [dimension] f32, NaN counts as 0; bits: [width] bytes, width ≥ dimension/8
 */
export function packSigns(values: usize, dimension: u32, bits: usize, width: u32): void {
  const end = bits + <usize>width;
  const zero = f32x4.splat(0);
  for (let left = dimension >> 4; left > 0; left--) {
    const low = i16x8.narrow_i32x4_s(f32x4.gt(v128.load(values), zero), f32x4.gt(v128.load(values, 16), zero));
    const high = i16x8.narrow_i32x4_s(f32x4.gt(v128.load(values, 32), zero), f32x4.gt(v128.load(values, 48), zero));
    store<u16>(bits, <u16>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high)));
    bits += 2;
    values += 64;
  }
  if (bits >= end) return;
  memory.fill(bits, 0, end - bits);
  const tail = dimension & 15;
  for (let i: u32 = 0; i < tail; i++, values += 4) {
    const at = bits + <usize>(i >> 3);
    if (f32.load(values) > 0) store<u8>(at, load<u8>(at) | (<u8>1 << <u8>(i & 7)));
  }
}
