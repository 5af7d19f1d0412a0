/** The smallest Worker that can score vectors: kernels at the top level, a dot in each answer. */

import { loadKernels } from "@nexus/kernels";

const kernels = loadKernels();
const scores = new Float32Array(1);

export const worker: { fetch(): Response } = {
  fetch() {
    kernels.dotMany(Float32Array.of(1, 2), Float32Array.of(3, 4), scores);
    return Response.json(scores[0]);
  },
};
