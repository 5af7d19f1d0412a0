/** One step of the Adam optimiser for a row of weights. */

/**
 * Moves weights against their gradients: mean ← mean + (g − mean)(1 − β₁), square ← square + (g² − square)(1 − β₂),
 * weight ← weight − rate · mean / (√(square · correction) + tiny).
 *
 * shapes   weights, means, squares, gradients: [count] f32; count a multiple of 4
 * source   Kingma and Ba 2015; the caller puts the correction of the mean into `rate`
 */
export function stepAdam(
  weights: usize,
  means: usize,
  squares: usize,
  gradients: usize,
  count: usize,
  rate: f32,
  correction: f32,
  newMean: f32,
  newSquare: f32,
): void {
  const rates = f32x4.splat(rate);
  const corrections = f32x4.splat(correction);
  const meanShare = f32x4.splat(newMean);
  const squareShare = f32x4.splat(newSquare);
  const tiny = f32x4.splat(1e-10);
  const end = weights + (count << 2);
  for (; weights < end; weights += 16, means += 16, squares += 16, gradients += 16) {
    const gradient = v128.load(gradients);
    let mean = v128.load(means);
    mean = f32x4.add(mean, f32x4.mul(f32x4.sub(gradient, mean), meanShare));
    let square = v128.load(squares);
    square = f32x4.add(square, f32x4.mul(f32x4.sub(f32x4.mul(gradient, gradient), square), squareShare));
    v128.store(means, mean);
    v128.store(squares, square);
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(square, corrections)), tiny);
    v128.store(weights, f32x4.sub(v128.load(weights), f32x4.div(f32x4.mul(rates, mean), root)));
  }
}
