/** The state of a training run as bytes, to go on from. */

import type { Trainer } from "./trainer.ts";

/** u32 bytes of the header, the header as JSON padded to a multiple of 4, then parameters and both moments as f32, little endian like the machine. */
export function encodeCheckpoint({ parameters, adam }: Pick<Trainer, "parameters" | "adam">): Uint8Array<ArrayBuffer> {
  const header: Header = { steps: adam.state.steps, sizes: sizesOf(parameters) };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = 4 + ((text.length + 3) & ~3);
  const arrays = arraysOf({ parameters, adam });
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, start)).fill(0x20, 4, start);
  new DataView(bytes.buffer).setUint32(0, start - 4, true);
  bytes.set(text, 4);
  let at = start;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/** Goes on where the checkpoint was made; throws for one of another shape. */
export function restoreCheckpoint({ parameters, adam }: Pick<Trainer, "parameters" | "adam">, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 4 + view.getUint32(0, true);
  const { steps, sizes } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, start))) as Header;
  const expected = sizesOf(parameters);
  const total = expected.reduce((sum, size) => sum + size, 0);
  if (sizes.join() !== expected.join() || bytes.length !== start + 12 * total) {
    throw new Error("the checkpoint is of a network of another shape, or cut short; remove it to begin anew");
  }
  let at = start;
  for (const array of arraysOf({ parameters, adam })) {
    array.set(new Float32Array(bytes.slice(at, at + array.byteLength).buffer));
    at += array.byteLength;
  }
  adam.state.steps = steps;
}

interface Header {
  readonly steps: number;
  readonly sizes: readonly number[];
}

function sizesOf({ all }: Trainer["parameters"]): number[] {
  return all.map(({ matrix }) => matrix.rows * matrix.columns);
}

function arraysOf({ parameters, adam }: Pick<Trainer, "parameters" | "adam">): Float32Array[] {
  return [...parameters.all.map(({ matrix }) => matrix.values()), ...adam.state.first, ...adam.state.second];
}
