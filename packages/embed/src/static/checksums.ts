/** SHA-256 of the committed model files. Written by `npm run train -- e0`; do not edit. */

export const E0_CHECKSUMS = {
  "e0.bin": "15006a310d6d5c5d3483e686981a48a0dbfac94167e2325336d59a021cc90178",
  "e0-edge.bin": "fbb0465cd3171855f0b5f153ac66cda747928ccc9efb4b3de28852be03100c2f",
} as const;
