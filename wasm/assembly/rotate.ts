/**
 * The one fixed random rotation: spreads what a vector says over all of its dimensions, so that signs and prefixes keep most of it.
 *
 * source   fast Walsh–Hadamard transforms between random sign flips: Ailon & Chazelle 2009 (fast Johnson–Lindenstrauss transform);
 *          deviation: d may be anything, by transforms of the first and the last 2ᵏ ≤ d numbers and rotations of one half with the other
 */

/** With 3, a vector of a few neighbouring numbers comes out spread like a Gaussian one at every d, 255 and 500 among them. */
const ROUNDS: u32 = 3;
const SIGN: u32 = 0x80000000;
const SQRT1_2: f32 = 0.7071067811865476;

/**
 * Rotates in place. Orthogonal: dots, norms and distances stay, but for rounding; the same bits in both builds, for additions and multiplications only.
 *
 * shapes   values: [dimension] f32, any alignment; dimension ≥ 1
 * cost     6 transforms of 2ᵏ·k additions, 2ᵏ ≤ d; no allocation
 * error    dots are within 2⁻²⁰ of the norms' product, asserted in packages/kernels
 */
export function rotate(values: usize, dimension: u32): void {
  const levels: u32 = 31 - clz(dimension);
  const count: u32 = 1 << levels;
  const last = values + (<usize>(dimension - count) << 2);
  const scale: f32 = (levels & 1 ? SQRT1_2 : 1) / <f32>(1 << (levels >> 1));
  for (let round: u32 = 0; round < ROUNDS; round++) {
    if (round > 0) turnHalves(values, dimension >> 1);
    flipSigns(values, dimension, 2 * round + 1);
    transform(values, count, scale);
    flipSigns(values, dimension, 2 * round + 2);
    transform(last, count, scale);
  }
}

/** Each of the first `half` numbers with the one that far behind it, by 45°: where the transforms hardly overlap, nothing else would mix them. */
function turnHalves(values: usize, half: u32): void {
  const scales = f32x4.splat(SQRT1_2);
  const bytes = <usize>half << 2;
  const end = values + bytes;
  for (const blockEnd = values + (bytes & ~15); values < blockEnd; values += 16) {
    const a = v128.load(values);
    const b = v128.load(values + bytes);
    v128.store(values, f32x4.mul(f32x4.add(a, b), scales));
    v128.store(values + bytes, f32x4.mul(f32x4.sub(a, b), scales));
  }
  for (; values < end; values += 4) {
    const a = f32.load(values);
    const b = f32.load(values + bytes);
    f32.store(values, (a + b) * SQRT1_2);
    f32.store(values + bytes, (a - b) * SQRT1_2);
  }
}

/** Four xorshift generators side by side (Marsaglia 2003), one for each lane: each state is the signs of 32 numbers, highest bit first. */
function flipSigns(values: usize, dimension: u32, seed: u32): void {
  const sign = i32x4.splat(SIGN);
  let state = i32x4(seed * 0x9e3779b9, seed * 0x85ebca6b, seed * 0xc2b2ae35, seed * 0x27d4eb2f);
  // Seeds differ in few bits at first.
  for (let i = 0; i < 8; i++) state = nextState(state);
  let signs = state;
  const blocks = dimension >> 2;
  for (let block: u32 = 0; block < blocks; block++, values += 16) {
    v128.store(values, v128.xor(v128.load(values), v128.and(signs, sign)));
    signs = i32x4.shl(signs, 1);
    if ((block & 31) == 31) signs = state = nextState(state);
  }
  signs = v128.and(signs, sign);
  const tail = dimension & 3;
  if (tail > 0) flipOne(values, i32x4.extract_lane(signs, 0));
  if (tail > 1) flipOne(values + 4, i32x4.extract_lane(signs, 1));
  if (tail > 2) flipOne(values + 8, i32x4.extract_lane(signs, 2));
}

function nextState(state: v128): v128 {
  state = v128.xor(state, i32x4.shl(state, 13));
  state = v128.xor(state, i32x4.shr_u(state, 17));
  return v128.xor(state, i32x4.shl(state, 5));
}

function flipOne(at: usize, sign: i32): void {
  store<i32>(at, load<i32>(at) ^ sign);
}

/** Walsh–Hadamard over `count` = 2ᵏ numbers, each multiplied by `scale` first; level by level, neighbours 1, 2, 4, … apart. */
function transform(values: usize, count: u32, scale: f32): void {
  if (count < 16) return transformFew(values, count, scale);
  const end = values + (<usize>count << 2);
  sixteens(values, end, scale);
  let step: usize = 64;
  const bytes = <usize>count << 2;
  // Two levels a pass: half of the loads and stores.
  for (; step << 1 < bytes; step <<= 2) {
    for (let block = values; block < end; block += step << 2) {
      for (let at = block; at < block + step; at += 16) butterflies(at, step);
    }
  }
  if (step >= bytes) return;
  for (let at = values; at < values + step; at += 16) {
    const a = v128.load(at);
    const b = v128.load(at + step);
    v128.store(at, f32x4.add(a, b));
    v128.store(at + step, f32x4.sub(a, b));
  }
}

/** The first four levels, 16 numbers at a time. */
function sixteens(values: usize, end: usize, scale: f32): void {
  const scales = f32x4.splat(scale);
  for (let at = values; at < end; at += 64) {
    const a = four(f32x4.mul(v128.load(at), scales));
    const b = four(f32x4.mul(v128.load(at, 16), scales));
    const c = four(f32x4.mul(v128.load(at, 32), scales));
    const d = four(f32x4.mul(v128.load(at, 48), scales));
    const sumAb = f32x4.add(a, b);
    const differenceAb = f32x4.sub(a, b);
    const sumCd = f32x4.add(c, d);
    const differenceCd = f32x4.sub(c, d);
    v128.store(at, f32x4.add(sumAb, sumCd));
    v128.store(at, f32x4.add(differenceAb, differenceCd), 16);
    v128.store(at, f32x4.sub(sumAb, sumCd), 32);
    v128.store(at, f32x4.sub(differenceAb, differenceCd), 48);
  }
}

/** Two levels within four lanes. */
function four(x: v128): v128 {
  const evens = v128.shuffle<f32>(x, x, 0, 0, 2, 2);
  const odds = v128.shuffle<f32>(x, x, 1, 1, 3, 3);
  const pairs = f32x4.add(evens, v128.xor(odds, i32x4(0, SIGN, 0, SIGN)));
  const low = v128.shuffle<f32>(pairs, pairs, 0, 1, 0, 1);
  const high = v128.shuffle<f32>(pairs, pairs, 2, 3, 2, 3);
  return f32x4.add(low, v128.xor(high, i32x4(0, 0, SIGN, SIGN)));
}

/** Two levels, of neighbours `step` and 2 · `step` bytes apart. */
function butterflies(at: usize, step: usize): void {
  const a = v128.load(at);
  const b = v128.load(at + step);
  const c = v128.load(at + 2 * step);
  const d = v128.load(at + 3 * step);
  const sumAb = f32x4.add(a, b);
  const differenceAb = f32x4.sub(a, b);
  const sumCd = f32x4.add(c, d);
  const differenceCd = f32x4.sub(c, d);
  v128.store(at, f32x4.add(sumAb, sumCd));
  v128.store(at + step, f32x4.add(differenceAb, differenceCd));
  v128.store(at + 2 * step, f32x4.sub(sumAb, sumCd));
  v128.store(at + 3 * step, f32x4.sub(differenceAb, differenceCd));
}

/** Fewer than 16 numbers, one by one. */
function transformFew(values: usize, count: u32, scale: f32): void {
  for (let i: u32 = 0; i < count; i++) f32.store(values + (<usize>i << 2), f32.load(values + (<usize>i << 2)) * scale);
  for (let half: u32 = 1; half < count; half <<= 1) {
    for (let i: u32 = 0; i < count; i++) {
      if (i & half) continue;
      const at = values + (<usize>i << 2);
      const other = at + (<usize>half << 2);
      const a = f32.load(at);
      const b = f32.load(other);
      f32.store(at, a + b);
      f32.store(other, a - b);
    }
  }
}
