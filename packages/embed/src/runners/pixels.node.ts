/** An image file to the pixels CLIP was trained on, with sharp. */

import { NexusError } from "@nexus/core";
import type * as Sharp from "sharp";

import type { Pixels } from "./image-runner.ts";

/** What preprocessor_config.json says; the defaults are CLIP's. */
interface PixelSettings {
  readonly edge: number;
  readonly height: number;
  readonly width: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly factor: number;
}

/** 64 megapixels are 192 MB of decoded pixels; a small file can claim to hold far more. */
const MAX_PIXELS = 64_000_000;

/**
 * Resizes the shorter edge (bicubic, with the low-pass that Pillow has and transformers.js leaves out when it makes an
 * image smaller), crops the centre, scales and normalises. Orientation tags are not obeyed, as in the original.
 *
 * throws  embed.device when sharp is absent
 */
export async function createPixelReader(config: object): Promise<(file: Uint8Array) => Promise<Pixels>> {
  const settings = settingsOf(config);
  const { default: sharp } = await library();
  return async (file) => {
    if (!isKnownImage(file)) {
      throw new NexusError("embed.input_broken", "[nexus/embed] an image is neither PNG, JPEG nor WebP; convert it");
    }
    const { edge, height, width } = settings;
    try {
      const image = sharp(file, { limitInputPixels: MAX_PIXELS, failOn: "truncated" });
      const size = await image.metadata();
      const scale = edge / Math.min(size.width, size.height);
      const resized = { width: longEdge(size.width, scale, edge), height: longEdge(size.height, scale, edge) };
      const raw = await image
        .toColourspace("srgb")
        .removeAlpha()
        .resize({ ...resized, fit: "fill", kernel: "cubic", fastShrinkOnLoad: false })
        .extract({
          left: Math.floor((resized.width - width) / 2),
          top: Math.floor((resized.height - height) / 2),
          width,
          height,
        })
        .raw()
        .toBuffer();
      return { data: planes(raw, settings), dims: [3, height, width] };
    } catch (cause) {
      throw new NexusError("embed.input_broken", "[nexus/embed] an image cannot be decoded; check the file", { cause });
    }
  };
}

/** Interleaved bytes to normalised planes. */
function planes(raw: Uint8Array, { height, width, mean, deviation, factor }: PixelSettings): Float32Array {
  const area = height * width;
  const channels = raw.length / area;
  const data = new Float32Array(3 * area);
  for (let channel = 0; channel < 3; channel++) {
    // Grey images have one channel, which stands for all three.
    const from = Math.min(channel, channels - 1);
    for (let i = 0; i < area; i++) {
      const value = (raw[i * channels + from] ?? 0) * factor;
      data[channel * area + i] = (value - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
    }
  }
  return data;
}

function longEdge(length: number, scale: number, edge: number): number {
  return Math.max(edge, Math.floor(length * scale));
}

function isKnownImage(file: Uint8Array): boolean {
  const head = String.fromCharCode(...file.subarray(0, 12));
  const isWebp = head.startsWith("RIFF") && head.endsWith("WEBP");
  return isWebp || head.startsWith("\u0089PNG\r\n\u001A\n") || head.startsWith("\u00FF\u00D8\u00FF");
}

function settingsOf(config: object): PixelSettings {
  const given = config as Readonly<Record<string, unknown>>;
  const edge = sizeOf(given["size"], "shortest_edge") ?? 224;
  return {
    edge,
    height: sizeOf(given["crop_size"], "height") ?? edge,
    width: sizeOf(given["crop_size"], "width") ?? edge,
    mean: numbers(given["image_mean"]) ?? [0.48145466, 0.4578275, 0.40821073],
    deviation: numbers(given["image_std"]) ?? [0.26862954, 0.26130258, 0.27577711],
    factor: typeof given["rescale_factor"] === "number" ? given["rescale_factor"] : 1 / 255,
  };
}

/** Old files have a bare number where new ones have an object. */
function sizeOf(value: unknown, key: string): number | undefined {
  const found = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : value;
  return typeof found === "number" ? found : undefined;
}

function numbers(value: unknown): number[] | undefined {
  return Array.isArray(value) && value.length === 3 ? value.map(Number) : undefined;
}

async function library(): Promise<typeof Sharp> {
  try {
    return await import("sharp");
  } catch (cause) {
    throw new NexusError(
      "embed.device",
      "[nexus/embed] sharp, which decodes images, is not installed; run: npm install",
      {
        cause,
      },
    );
  }
}
