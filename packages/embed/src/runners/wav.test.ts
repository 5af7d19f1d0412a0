import { NexusError } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { resample } from "./resample.ts";
import { decodeWav } from "./wav.ts";

function wav(code: number, bits: number, channels: number, data: Uint8Array, extra = 0): Uint8Array {
  const file = new Uint8Array(44 + extra + data.length);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode("RIFF    WAVEfmt "));
  view.setUint32(16, 16, true);
  view.setUint16(20, code, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, 8_000, true);
  view.setUint16(34, bits, true);
  let at = 36;
  if (extra > 0) {
    file.set(new TextEncoder().encode("LIST"), at);
    view.setUint32(at + 4, extra - 8, true);
    at += extra;
  }
  file.set(new TextEncoder().encode("data"), at);
  view.setUint32(at + 4, data.length, true);
  file.set(data, at + 8);
  return file;
}

describe("decodeWav", () => {
  it.each([
    ["8-bit", 1, 8, Uint8Array.of(0, 128, 192)],
    ["16-bit", 1, 16, new Uint8Array(Int16Array.of(-32_768, 0, 16_384).buffer)],
    ["24-bit", 1, 24, Uint8Array.of(0, 0, 0x80, 0, 0, 0, 0, 0, 0x40)],
    ["32-bit", 1, 32, new Uint8Array(Int32Array.of(-(2 ** 31), 0, 2 ** 30).buffer)],
    ["float", 3, 32, new Uint8Array(Float32Array.of(-1, 0, 0.5).buffer)],
    ["double", 3, 64, new Uint8Array(Float64Array.of(-1, 0, 0.5).buffer)],
  ])("reads %s samples", (_, code, bits, data) => {
    const sound = decodeWav(wav(code, bits, 1, data));
    expect([...sound.samples]).toEqual([-1, 0, 0.5]);
    expect(sound).toMatchObject({ sampleRate: 8_000, channels: 1 });
  });

  it("skips chunks it does not know", () => {
    expect(decodeWav(wav(1, 8, 2, Uint8Array.of(128, 0), 20)).samples).toEqual(Float32Array.of(0, -1));
  });

  it("any bytes at all give a sound or embed.input_broken", () => {
    const start = wav(1, 16, 1, new Uint8Array(8));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(51), (noise, at) => {
        const file = start.slice();
        file.set(noise.subarray(0, Math.max(0, file.length - at)), at);
        try {
          expect(decodeWav(file).samples).toBeInstanceOf(Float32Array);
        } catch (error) {
          expect(error).toBeInstanceOf(NexusError);
          expect((error as NexusError).code).toBe("embed.input_broken");
        }
      }),
    );
  });
});

describe("resample", () => {
  it("keeps a tone below half the lower rate and removes one above it", () => {
    const tone = (hertz: number) =>
      Float32Array.from({ length: 44_100 }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / 44_100));
    const loudness = (samples: Float32Array) =>
      Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
    const kept = resample(tone(1_000), 44_100, 16_000);
    expect(kept).toHaveLength(16_000);
    expect(loudness(kept)).toBeCloseTo(Math.SQRT1_2, 2);
    for (let i = 1_000; i < 15_000; i += 997) {
      expect(kept[i]).toBeCloseTo(Math.sin((2 * Math.PI * 1_000 * i) / 16_000), 2);
    }
    // At the very ends half of the filter hangs over.
    expect(loudness(resample(tone(12_000), 44_100, 16_000).subarray(100, -100))).toBeLessThan(0.001);
  });

  it("does not touch a sound that has the rate", () => {
    const samples = Float32Array.of(1, 2, 3);
    expect(resample(samples, 16_000, 16_000)).toBe(samples);
  });
});
