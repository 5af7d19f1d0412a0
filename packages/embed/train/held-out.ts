/** Which pairs of data/train nothing is trained on. */

/** One of a hundred, by its place among those that are no text twice. The single texts of such a pair may be seen elsewhere: in other pairs, and by the teacher. */
export function isHeldOut(place: number): boolean {
  return (Math.imul(place, 0x9e37_79b1) >>> 16) % 100 === 7;
}
