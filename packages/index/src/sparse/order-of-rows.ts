/** The order that sorts numbers, equals as they stand: a radix sort, 11 bits at a time. */

const BITS = 11;
const BUCKETS = 1 << BITS;

/** shapes  keys: [n] u32; returns their places, ascending by key. Cost: two passes for each 11 bits of the largest */
export function sortedOrder(keys: Uint32Array): Uint32Array {
  let order = new Uint32Array(keys.length);
  let other = new Uint32Array(keys.length);
  let largest = 0;
  for (let i = 0; i < keys.length; i++) {
    order[i] = i;
    largest = Math.max(largest, keys[i]!);
  }
  const starts = new Uint32Array(BUCKETS + 1);
  for (let shift = 0; shift < 32 && largest >>> shift !== 0; shift += BITS) {
    starts.fill(0);
    for (let i = 0; i < keys.length; i++) starts[((keys[i]! >>> shift) & (BUCKETS - 1)) + 1]!++;
    for (let bucket = 1; bucket <= BUCKETS; bucket++) starts[bucket]! += starts[bucket - 1]!;
    for (let i = 0; i < order.length; i++) {
      const place = order[i]!;
      other[starts[(keys[place]! >>> shift) & (BUCKETS - 1)]!++] = place;
    }
    [order, other] = [other, order];
  }
  return order;
}
