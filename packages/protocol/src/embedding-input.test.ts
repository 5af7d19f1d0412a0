/** Files in requests: read by their first bytes, bounded by what decoding them would give. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { readEmbedInput } from "./embedding-input.ts";
import { imageHeader } from "./image-header.ts";
import { wavSeconds } from "./wav-seconds.ts";

const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));
const u16 = (value: number) => [value >> 8, value & 255];
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)];
const little = (bytes: number[]) => bytes.toReversed();

const png = (width: number, height: number) =>
  Uint8Array.of(0x89, ...ascii("PNG\r\n"), 0x1a, 0x0a, ...u32(13), ...ascii("IHDR"), ...u32(width), ...u32(height));

/** A JPEG whose frame comes after an APP0 and a table, with a fill byte before it. */
const jpeg = (width: number, height: number, frame = 0xc2) =>
  Uint8Array.of(
    0xff,
    0xd8,
    0xff,
    0xe0,
    ...u16(4),
    0,
    0,
    0xff,
    0xc4,
    ...u16(3),
    9,
    0xff,
    0xff,
    frame,
    ...u16(11),
    8,
    ...u16(height),
    ...u16(width),
    1,
    1,
    0x11,
    0,
  );

const webp = (kind: string, rest: readonly number[]) =>
  Uint8Array.of(
    ...ascii("RIFF"),
    ...u32(0),
    ...ascii("WEBP"),
    ...ascii(kind),
    ...u32(0),
    ...rest,
    ...u32(0),
    ...u32(0),
  );
const lossy = (width: number, height: number) =>
  webp("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, ...little(u16(width)), ...little(u16(height))]);
const lossless = (width: number, height: number) =>
  webp("VP8L", [0x2f, ...little(u32(((height - 1) << 14) | (width - 1)))]);
const extended = (width: number, height: number) =>
  webp("VP8X", [0, 0, 0, 0, ...little(u32(width - 1)).slice(0, 3), ...little(u32(height - 1)).slice(0, 3)]);

interface Wav {
  readonly rate: number;
  readonly channels?: number;
  readonly bits?: number;
  readonly samples: number;
  /** What the data chunk says, if not the truth. */
  readonly said?: number;
}

function wav({ rate, channels = 1, bits = 16, samples, said }: Wav): Uint8Array {
  const frame = (channels * bits) / 8;
  const format = [...little(u16(1)), ...little(u16(channels)), ...little(u32(rate)), ...u32(0)];
  const chunks = [
    ...ascii("fmt "),
    ...little(u32(16)),
    ...format,
    ...little(u16(frame)),
    ...little(u16(bits)),
    // A chunk of odd length is padded.
    ...ascii("LIST"),
    ...little(u32(3)),
    1,
    2,
    3,
    0,
    ...ascii("data"),
    ...little(u32(said ?? samples * frame)),
  ];
  const file = new Uint8Array(12 + chunks.length + samples * frame);
  file.set([...ascii("RIFF"), ...u32(0), ...ascii("WAVE"), ...chunks]);
  return file;
}

const side = fc.integer({ min: 1, max: 16_383 });
const anyBytes = fc.uint8Array({ maxLength: 200 });

describe("base64", () => {
  it("gives back any bytes, and says what is none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
      { numRuns: 50 },
    );
    expect(decodeBase64("AAE")).toEqual(Uint8Array.of(0, 1));
    for (const text of ["A", "AA=A", "A-_A", "AA AA", "AAAA\n", "data:image/png;base64,AAAA", "ä"]) {
      expect(decodeBase64(text)).toBeUndefined();
    }
  });
});

describe("the header of an image", () => {
  it("gives type, width and height of PNG, JPEG and the three kinds of WebP", () => {
    fc.assert(
      fc.property(side, side, fc.constantFrom(0xc0, 0xc1, 0xc2, 0xcf), (width, height, frame) => {
        expect(imageHeader(png(width, height))).toEqual({ mediaType: "image/png", width, height });
        expect(imageHeader(jpeg(width, height, frame))).toEqual({ mediaType: "image/jpeg", width, height });
        for (const make of [lossy, lossless, extended]) {
          expect(imageHeader(make(width, height))).toEqual({ mediaType: "image/webp", width, height });
        }
      }),
    );
  });

  it("gives nothing for an image that ends before its size, has no pixels, or is none", () => {
    const whole = [png(2, 3), jpeg(2, 3), lossy(2, 3), lossless(2, 3), extended(2, 3)];
    for (const [i, bytes] of whole.entries()) {
      for (let end = 0; end < (i === 1 ? 22 : i === 0 ? 24 : 30); end++)
        expect(imageHeader(bytes.subarray(0, end))).toBeUndefined();
    }
    for (const bytes of [png(0, 3), jpeg(2, 0), lossy(0, 0)]) expect(imageHeader(bytes)).toBeUndefined();
    expect(imageHeader(new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>"))).toBeUndefined();
    expect(imageHeader(new Uint8Array(3_000_000).fill(0xff).with(1, 0xd8))).toBeUndefined();
  });

  it("never throws", () => {
    const starts = [
      [0xff, 0xd8],
      [0xff, 0xd8, 0xff],
      [...ascii("RIFF"), ...u32(0), ...ascii("WEBPVP8")],
      [0x89, ...ascii("PNG")],
    ];
    fc.assert(
      fc.property(fc.constantFrom([], ...starts), anyBytes, (start, rest) => {
        imageHeader(Uint8Array.of(...start, ...rest));
        wavSeconds(Uint8Array.of(...ascii("RIFF"), ...u32(0), ...ascii("WAVE"), ...rest));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("the length of a WAV file", () => {
  it.each<[Wav, number]>([
    [{ rate: 8_000, samples: 8_000 }, 1],
    [{ rate: 48_000, channels: 2, bits: 24, samples: 24_000 }, 0.5],
    [{ rate: 100, bits: 8, samples: 200 }, 2],
    [{ rate: 8_000, samples: 8_000, said: 0xffff_ffff }, 1],
    [{ rate: 8_000, samples: 8_000, said: 0 }, 1],
  ])("of %j is %d s", (form, seconds) => {
    expect(wavSeconds(wav(form))).toBe(seconds);
  });

  it("is none without samples, a rate or a format", () => {
    for (const form of [
      { rate: 8_000, samples: 0 },
      { rate: 0, samples: 9 },
    ])
      expect(wavSeconds(wav(form))).toBeUndefined();
    const whole = wav({ rate: 8_000, samples: 9 });
    for (let end = 0; end <= 56; end++) expect(wavSeconds(whole.subarray(0, end))).toBeUndefined();
    expect(wavSeconds(wav({ rate: 8_000, samples: 9 }).fill(0, 12, 16))).toBeUndefined();
  });
});

describe("an input", () => {
  const image = (bytes: Uint8Array) =>
    readEmbedInput({ type: "image", data: encodeBase64(bytes), mediaType: "image/png" });
  const audio = (form: Wav) => readEmbedInput({ type: "audio", data: encodeBase64(wav(form)) });

  it("may have 4,096 × 4,096 pixels, and not one more", () => {
    expect(image(png(4_096, 4_096))).toMatchObject({ modality: "image" });
    expect(image(png(16_777_217, 1))).toMatchObject({ code: "embed.input_too_long" });
    expect(image(png(0xffff_ffff, 0xffff_ffff))).toMatchObject({ code: "embed.input_too_long" });
  });

  it("may last 60 s, and not longer however few bytes that takes", () => {
    expect(audio({ rate: 10, bits: 8, samples: 600 })).toMatchObject({ modality: "audio" });
    expect(audio({ rate: 10, bits: 8, samples: 601 })).toMatchObject({ code: "embed.input_too_long" });
  });

  it("may have 1 MiB of text, and not one byte more", () => {
    const text = (content: string) => readEmbedInput({ type: "text", content });
    expect(text("x".repeat(1_048_576))).toMatchObject({ modality: "text" });
    for (const content of ["x".repeat(1_048_577), "€".repeat(349_526)]) {
      expect(text(content)).toMatchObject({ code: "embed.input_too_long" });
    }
    expect(readEmbedInput({ type: "code", content: "\n\t" })).toMatchObject({ code: "embed.input_empty" });
  });
});
