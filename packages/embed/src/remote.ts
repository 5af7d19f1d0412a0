/** A model on another server, through OpenAI's or Ollama's interface. */

import { type Clock, type EmbedInput, NexusError } from "@nexus/core";
import type { Runner, RunnerOutput, RunOptions } from "./models/runner.ts";
import { DIALECTS } from "./remote/dialects.ts";
import { endpointOf, type RemoteKind } from "./remote/endpoint.ts";
import { exchange, type RemoteFetch } from "./remote/exchange.ts";
import { createSlots } from "./remote/slots.ts";

export type { RemoteFetch, RemoteKind };

export interface RemoteOptions {
  /** The server's address, or that of the route itself. */
  readonly url: string;
  /** Told from the address, if left out: Ollama's port or path, else OpenAI's. */
  readonly kind?: RemoteKind | undefined;
  /** As the server calls it. */
  readonly model: string;
  readonly key?: string | undefined;
  /** Of the vectors that the model gives; others are refused. */
  readonly dimension: number;
  /** "remote", if left out. */
  readonly id?: string | undefined;
  /** Put before a text in role "query"; "{task}" is the input's instruction. */
  readonly queryPrefix?: string | undefined;
  readonly passagePrefix?: string | undefined;
  /** To other machines too; loopback may always be http. */
  readonly allowHttp?: boolean | undefined;
  /** For each request; 10 s, if left out. */
  readonly timeoutMs?: number | undefined;
  readonly fetch: RemoteFetch;
  readonly clock: Pick<Clock, "now">;
}

// What a public endpoint bears of one client (details.md, 9).
const REQUESTS_AT_ONCE = 10;
const TEXTS_PER_REQUEST = 16;
const TIMEOUT_MS = 10_000;

/** A number as JSON is at most 24 characters, indented ones included 64; the rest of the answer is small. */
const BYTES_PER_NUMBER = 64;
const BYTES_BESIDE = 65_536;

/** Of English; only lengths relative to each other count. */
const CHARACTERS_PER_TOKEN = 4;

const REFUSALS: ReadonlySet<string> = new Set(["embed.input_broken", "embed.input_too_long"]);

/**
 * A runner that sends texts and code to the server, at most 10 requests at once with 16 texts each.
 *
 * Vectors have unit length. Tokens are the server's count for a request, shared out by length; whether it cut a text,
 * neither interface tells. An input that the server refuses is sent again alone, and fails alone.
 *
 * throws  config.invalid; `run`: embed.device, embed.timeout, embed.batch (with the server's retry-after),
 *         embed.load_failed, embed.invalid_output, and the signal's reason
 */
export function createRemoteRunner(options: RemoteOptions): Runner {
  const { model, key, dimension, id = "remote", timeoutMs = TIMEOUT_MS, fetch, clock } = options;
  const endpoint = endpointOf(options.url, options);
  const dialect = DIALECTS[endpoint.kind];
  const slots = createSlots(REQUESTS_AT_ONCE);
  const closing = new AbortController();

  /** Outcomes of at most 16 texts. */
  async function send(
    texts: readonly string[],
    truncate: boolean | undefined,
    signal: AbortSignal,
  ): Promise<(RunnerOutput | NexusError)[]> {
    try {
      const maxBytes = BYTES_BESIDE + texts.length * dimension * BYTES_PER_NUMBER;
      const body = dialect.ask(model, texts, truncate);
      const call = { endpoint, key, body, maxBytes, timeoutMs, signal, fetch, clock };
      return outputs(texts, await slots.use(() => exchange(call), signal));
    } catch (error) {
      if (!(error instanceof NexusError) || !REFUSALS.has(error.code)) throw error;
      if (texts.length === 1) return [error];
      return (await Promise.all(texts.map((text) => send([text], truncate, signal)))).flat();
    }
  }

  function outputs(texts: readonly string[], answer: unknown): RunnerOutput[] {
    const spoken = dialect.read(answer, texts.length);
    if (!spoken) {
      throw invalid(`gave no list of ${texts.length} vectors, one for each text; does it speak ${endpoint.kind}?`);
    }
    const tokens = shared(spoken.tokens, texts);
    return spoken.vectors.map((vector, i) => ({ vector: unit(vector), tokens: tokens[i] ?? 0, truncated: false }));
  }

  /** throws  embed.invalid_output */
  function unit(value: unknown): Float32Array {
    if (!Array.isArray(value) || !value.every((component) => typeof component === "number")) {
      throw invalid("gave a vector that is no list of numbers");
    }
    if (value.length !== dimension) {
      throw invalid(`gave a vector of ${value.length} numbers, expected ${dimension}; check NEXUS_EMBED_DIMENSION`);
    }
    const norm = Math.hypot(...value);
    if (!Number.isFinite(norm) || norm === 0) throw invalid("gave a vector without a direction: zero or not finite");
    return Float32Array.from(value, (component: number) => component / norm);
  }

  function invalid(what: string): NexusError {
    return new NexusError("embed.invalid_output", `[nexus/embed:remote] ${endpoint.name} ${what}`);
  }

  return {
    id,
    dimension,
    // The model is in another machine's memory.
    bytes: 0,
    device: "remote",
    lengthOf: (input) => Math.ceil(("content" in input ? input.content.length : 0) / CHARACTERS_PER_TOKEN),

    async run(inputs, { signal, truncate }: RunOptions = {}) {
      if (closing.signal.aborted) throw new NexusError("embed.load_failed", "[nexus/embed:remote] the model is closed");
      const texts = inputs.map((input) => textOf(input, options));
      const sendable = texts.filter((text) => typeof text === "string");
      const failed = new AbortController();
      const either = AbortSignal.any([failed.signal, closing.signal, ...(signal ? [signal] : [])]);
      try {
        const sent = await Promise.all(chunks(sendable).map((chunk) => send(chunk, truncate, either)));
        const outcomes = sent.flat().values();
        return texts.map((text) => (typeof text === "string" ? (outcomes.next().value as RunnerOutput) : text));
      } finally {
        // What one request could not give, the others need not.
        failed.abort();
      }
    },

    close() {
      closing.abort(new NexusError("embed.load_failed", "[nexus/embed:remote] the model was closed"));
      return Promise.resolve();
    },
  };
}

/** The text as the model reads it. */
function textOf(input: EmbedInput, { queryPrefix = "", passagePrefix = "" }: RemoteOptions): string | NexusError {
  if (input.modality !== "text" && input.modality !== "code") {
    const detail = `[nexus/embed:remote] a remote model reads texts and code, no ${input.modality}`;
    return new NexusError("embed.unsupported_modality", detail);
  }
  if (input.content.trim() === "") return new NexusError("embed.input_empty", "[nexus/embed:remote] the text is empty");
  if (input.modality === "code") return passagePrefix + input.content;
  const prefix = input.role === "query" ? queryPrefix : passagePrefix;
  return prefix.replaceAll("{task}", () => input.instruction ?? "") + input.content;
}

function chunks(texts: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(texts.length / TEXTS_PER_REQUEST) }, (_, i) =>
    texts.slice(i * TEXTS_PER_REQUEST, (i + 1) * TEXTS_PER_REQUEST),
  );
}

/** Tokens of each text by its share of the characters: whole numbers that sum up to the total. */
function shared(total: number | undefined, texts: readonly string[]): number[] {
  const ends = texts.map(() => 0);
  let seen = 0;
  for (const [i, text] of texts.entries()) ends[i] = seen += text.length;
  const all = total ?? Math.ceil(seen / CHARACTERS_PER_TOKEN);
  return ends.map((end, i) => Math.round((all * end) / seen) - Math.round((all * (ends[i - 1] ?? 0)) / seen));
}
