/** One segment of dense vectors by itself, for benches and tests; the product reaches it through the vector index. */

import { DenseSegment, type DenseSegmentOptions } from "./segment/dense-segment.ts";
import { indexModule } from "./wasm.node.ts";

export type { DenseSegment, SegmentHits, SegmentQuery } from "./segment/dense-segment.ts";

/** `module`: the build that suits this engine, unless given. */
export function createDenseSegment({
  module = indexModule(),
  ...options
}: Omit<DenseSegmentOptions, "module"> & { readonly module?: WebAssembly.Module }): DenseSegment {
  return new DenseSegment({ ...options, module });
}
