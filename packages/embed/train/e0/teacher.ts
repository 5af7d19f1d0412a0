/** What the teacher says of texts. */

export const TEACHER_DIMENSION = 384;

export interface TeacherVectors {
  readonly count: number;
  /** i8 numbers, [count · 384]. */
  readonly values: Int8Array;
  /** [count]; number = scale · value. */
  readonly scales: Float32Array;
}
