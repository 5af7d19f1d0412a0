/**
 * Type and size of an image from its first bytes: what a decoder would have to allocate, before there is one.
 *
 * The npm package image-size copies the rest of a JPEG for every byte it passes, which 3 MiB of zeros turn into minutes.
 */

interface ImageHeader {
  readonly mediaType: "image/png" | "image/jpeg" | "image/webp";
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

type Size = Pick<ImageHeader, "width" | "height">;

/** Markers FFC0 … FFCF are frames, but for the tables between them. */
const NO_FRAMES: ReadonlySet<number> = new Set([0xc4, 0xc8, 0xcc]);

/** Undefined for what is no PNG, JPEG or WebP, ends before its size, or has no pixels. cost: at most one pass over the bytes */
export function imageHeader(bytes: Uint8Array): ImageHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = png(view) ?? jpeg(view) ?? webp(view);
  return found && found.width > 0 && found.height > 0 ? found : undefined;
}

function png(view: DataView): ImageHeader | undefined {
  if (view.byteLength < 24 || view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) return undefined;
  if (!has(view, 12, "IHDR")) return undefined;
  return { mediaType: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

/** Segments are FF, a marker, and their length with the two bytes that say it; the frame has height, then width. */
function jpeg(view: DataView): ImageHeader | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      // Fill bytes may stand before a marker.
      at += 1;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.has(marker)) {
      return { mediaType: "image/jpeg", height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    const length = view.getUint16(at + 2);
    if (length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}

function webp(view: DataView): ImageHeader | undefined {
  if (view.byteLength < 30 || !has(view, 0, "RIFF") || !has(view, 8, "WEBP")) return undefined;
  const size = extended(view) ?? lossless(view) ?? lossy(view);
  return size && { mediaType: "image/webp", ...size };
}

function extended(view: DataView): Size | undefined {
  if (!has(view, 12, "VP8X")) return undefined;
  const side = (at: number) => 1 + view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
  return { width: side(24), height: side(27) };
}

/** 14 bits for each side, after a signature. */
function lossless(view: DataView): Size | undefined {
  if (!has(view, 12, "VP8L") || view.getUint8(20) !== 0x2f) return undefined;
  const bits = view.getUint32(21, true);
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}

/** The upper 2 bits of each side are a scale for display. */
function lossy(view: DataView): Size | undefined {
  if (!has(view, 12, "VP8 ") || view.getUint16(23) !== 0x9d01 || view.getUint8(25) !== 0x2a) return undefined;
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

function has(view: DataView, at: number, letters: string): boolean {
  for (let i = 0; i < letters.length; i++) if (view.getUint8(at + i) !== letters.charCodeAt(i)) return false;
  return true;
}
