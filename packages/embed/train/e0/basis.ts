/** Turns the teacher's vectors so that their first numbers carry the most: prefixes of the student then follow prefixes of the teacher. */

import type { TeacherVectors } from "./teacher.ts";

/** Turns vectors of `from` numbers into `to`: [to · from], rows orthonormal. */
export interface Basis {
  readonly from: number;
  readonly to: number;
  readonly rows: Float32Array;
}

const SAMPLE = 8_000;
/** More change nothing that f32 could show. */
const SWEEPS = 7;

/** The eigenvectors of the vectors' second moments with the largest eigenvalues; not centred, so that cosines stay. */
export function principalBasis(vectors: TeacherVectors, from: number, to: number): Basis {
  const moments = momentsOf(vectors, from);
  const eigenvectors = jacobi(moments, from);
  const eigenvalue = (place: number): number => moments[place * from + place]!;
  const order = Array.from({ length: from }, (_, place) => place).sort((x, y) => eigenvalue(y) - eigenvalue(x));
  const rows = new Float32Array(to * from);
  for (const [row, place] of order.slice(0, to).entries()) {
    rows.set(eigenvectors.subarray(place * from, (place + 1) * from), row * from);
  }
  return { from, to, rows };
}

function momentsOf({ count, values, scales }: TeacherVectors, from: number): Float64Array {
  const moments = new Float64Array(from * from);
  const every = Math.max(1, Math.floor(count / SAMPLE));
  for (let row = 0; row < count; row += every) {
    const square = scales[row]! ** 2 / SAMPLE;
    for (let i = 0; i < from; i++) {
      const x = square * values[row * from + i]!;
      for (let j = i; j < from; j++) moments[i * from + j]! += x * values[row * from + j]!;
    }
  }
  for (let i = 0; i < from; i++) for (let j = 0; j < i; j++) moments[i * from + j] = moments[j * from + i]!;
  return moments;
}

/** Cyclic Jacobi rotations: leaves the eigenvalues on the diagonal; returns the eigenvectors as rows. */
function jacobi(a: Float64Array, n: number): Float64Array {
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, n, p, q);
  }
  return vectors;
}

function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const off = a[p * n + q]!;
  if (Math.abs(off) < 1e-12) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * off);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let i = 0; i < n; i++) turn(a, i * n + p, i * n + q, c, s);
  for (let i = 0; i < n; i++) turn(a, p * n + i, q * n + i, c, s);
  for (let i = 0; i < n; i++) turn(vectors, p * n + i, q * n + i, c, s);
}

function turn(values: Float64Array, x: number, y: number, c: number, s: number): void {
  const [first, second] = [values[x]!, values[y]!];
  values[x] = c * first - s * second;
  values[y] = s * first + c * second;
}
