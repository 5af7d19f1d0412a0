/** The fixed random rotation in plain JavaScript: the same bits as wasm/assembly/rotate.ts, which explains it. */

const ROUNDS = 3;
const SEEDS = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f];
const SQRT1_2 = Math.fround(Math.SQRT1_2);

export function scalarRotate(values: Float32Array): void {
  const levels = 31 - Math.clz32(values.length);
  const count = 2 ** levels;
  const scale = (levels % 2 ? SQRT1_2 : 1) / 2 ** (levels >> 1);
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) turnHalves(values);
    flipSigns(values, 2 * round + 1);
    transform(values.subarray(0, count), scale);
    flipSigns(values, 2 * round + 2);
    transform(values.subarray(values.length - count), scale);
  }
}

function turnHalves(values: Float32Array): void {
  const half = values.length >> 1;
  for (let i = 0; i < half; i++) {
    const a = values[i]!;
    const b = values[i + half]!;
    values[i] = Math.fround(a + b) * SQRT1_2;
    values[i + half] = Math.fround(a - b) * SQRT1_2;
  }
}

/** Four xorshift generators take turns; a state is 32 signs, highest bit first. */
function flipSigns(values: Float32Array, seed: number): void {
  let states = SEEDS.map((factor) => Math.imul(seed, factor));
  for (let i = 0; i < 8; i++) states = states.map(nextState);
  for (let i = 0; i < values.length; i++) {
    if (i > 0 && i % 128 === 0) states = states.map(nextState);
    if (states[i % 4]! << ((i >> 2) % 32) < 0) values[i] = -values[i]!;
  }
}

function nextState(state: number): number {
  let next = state ^ (state << 13);
  next ^= next >>> 17;
  return next ^ (next << 5);
}

/** Walsh–Hadamard, level by level; every assignment rounds to f32. */
function transform(values: Float32Array, scale: number): void {
  for (let i = 0; i < values.length; i++) values[i]! *= scale;
  for (let half = 1; half < values.length; half *= 2) {
    for (let i = 0; i < values.length; i++) {
      if (i & half) continue;
      const a = values[i]!;
      const b = values[i + half]!;
      values[i] = a + b;
      values[i + half] = a - b;
    }
  }
}
