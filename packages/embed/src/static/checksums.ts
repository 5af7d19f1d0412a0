/** SHA-256 of the committed model files. Written by `npm run train -- e0`; do not edit. */

export const E0_CHECKSUMS = {
  "e0.bin": "5ecb1f287078182d3eb8c7fbbfe610c81569539b30b5872c86e70b1868703de0",
  "e0-edge.bin": "4df354920bb5524bdbb924c60970fd94bb1b0a3bf30ad25a263d085172050e5e",
} as const;
