/** What `nexus embed` sends: words of the command line, and files by what their names end in. */

import { extname } from "node:path";
import type { EmbedInput } from "@nexus/client";
import { LIMITS } from "@nexus/core";
import { decodeText } from "../import/decode.ts";
import { openLines } from "../import/file-lines.ts";
import type { Terminal } from "../terminal.ts";

type Role = "query" | "passage";

const IMAGES = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
} as const;

/** What a request has beside its inputs, generously. */
const BESIDE_BYTES = 4_096;

export function textInput(content: string, role: Role | undefined): EmbedInput {
  return { type: "text", content, ...(role !== undefined && { role }) };
}

/** `-` is standard input. Names of images and sounds end in .png .jpg .jpeg .webp .wav; all else is text. throws import.format for what cannot be read */
export async function fileInput(path: string, role: Role | undefined, terminal: Terminal): Promise<EmbedInput> {
  const bytes = await (await openLines(path, terminal)).all();
  const ending = extname(path).toLowerCase();
  if (ending === ".wav") return { type: "audio", data: base64(bytes) };
  const mediaType = Object.entries(IMAGES).find(([name]) => name === ending)?.[1];
  if (mediaType) return { type: "image", data: base64(bytes), mediaType };
  return textInput(decodeText(bytes), role);
}

/** In order, as many to a request as its limits allow; an input that is too large for any goes alone, and the server says so. */
export function batches(inputs: readonly EmbedInput[]): EmbedInput[][] {
  const made: EmbedInput[][] = [];
  let room = 0;
  for (const input of inputs) {
    const bytes = Buffer.byteLength(JSON.stringify(input)) + 1;
    const last = made.at(-1);
    if (last && bytes <= room && last.length < LIMITS.maxEmbedInputs) {
      last.push(input);
      room -= bytes;
    } else {
      made.push([input]);
      room = LIMITS.maxBodyBytes - BESIDE_BYTES - bytes;
    }
  }
  return made;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
