/** The few fields of the protobuf wire format that an ONNX file needs, written to byte chunks without copying tensors. */

/** A message: its fields' bytes in order. Large payloads are kept as they are and copied once, at the end. */
export type Message = readonly Uint8Array[];

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/** A message of these fields; absent ones (undefined) are left out. */
export function message(...fields: readonly (Message | undefined)[]): Message {
  return fields.flatMap((field) => field ?? []);
}

/** An int64, bool or enum field. */
export function int(field: number, value: number | bigint): Message {
  return [varint((field << 3) | VARINT), varint(value)];
}

export function float(field: number, value: number): Message {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [varint((field << 3) | FIXED32), bytes];
}

export function text(field: number, value: string): Message {
  return raw(field, new TextEncoder().encode(value));
}

export function raw(field: number, bytes: Uint8Array): Message {
  return [varint((field << 3) | BYTES), varint(bytes.byteLength), bytes];
}

export function nested(field: number, inner: Message): Message {
  return [varint((field << 3) | BYTES), varint(byteLength(inner)), ...inner];
}

/** The message as one array. */
export function encode(whole: Message): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(byteLength(whole));
  let at = 0;
  for (const chunk of whole) {
    out.set(chunk, at);
    at += chunk.byteLength;
  }
  return out;
}

function byteLength(chunks: Message): number {
  let total = 0;
  for (const chunk of chunks) total += chunk.byteLength;
  return total;
}

/** Seven bits a byte, low ones first; a negative number is its 64-bit two's complement (ten bytes), as protobuf has it. */
function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}
