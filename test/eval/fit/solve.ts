/** Linear equations. */

/** Gaussian elimination with pivoting; `matrix` and `vector` are used up. */
export function solve(matrix: number[][], vector: number[]): number[] {
  const n = vector.length;
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let row = i + 1; row < n; row++) if (Math.abs(matrix[row]![i]!) > Math.abs(matrix[pivot]![i]!)) pivot = row;
    [matrix[i], matrix[pivot]] = [matrix[pivot]!, matrix[i]!];
    [vector[i], vector[pivot]] = [vector[pivot]!, vector[i]!];
    for (let row = i + 1; row < n; row++) {
      const factor = matrix[row]![i]! / matrix[i]![i]!;
      for (let column = i; column < n; column++) matrix[row]![column]! -= factor * matrix[i]![column]!;
      vector[row]! -= factor * vector[i]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let column = i + 1; column < n; column++) vector[i]! -= matrix[i]![column]! * vector[column]!;
    vector[i]! /= matrix[i]![i]!;
  }
  return vector;
}
