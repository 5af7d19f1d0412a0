/** Runs a text model: tokens, one call of the graph, pooling. */

import type { EmbedInput } from "@nexus/core";
import { NexusError } from "@nexus/core";

import type { Runner, RunOptions } from "../models/runner.ts";
import type { ModelDescription } from "../registry/description.ts";
import { type Prepared, runInBatches, type Stages } from "./batch-runner.ts";
import type { DenseHead } from "./dense-head.ts";
import { estimateLength } from "./input-length.ts";
import { type Padding, paddedLength } from "./padding.ts";
import { pool, type TokenSpan } from "./pooling.ts";
import type { OnnxSession, TensorData } from "./session.ts";
import { framedText } from "./text-input.ts";
import type { TextTokenizer } from "./tokenizer.ts";

export interface TextModelParts {
  readonly model: ModelDescription;
  /** Model's own limit in tokens with the special ones: the least of all that its files say. */
  readonly maxTokens: number;
  readonly tokenizer: TextTokenizer;
  readonly session: OnnxSession;
  /** The other tower, for texts in role "query". */
  readonly querySession?: OnnxSession | undefined;
  /** After pooling, where the graph has none of its own. */
  readonly dense?: DenseHead | undefined;
  /** The weights are integers: a vector depends on the rest of its batch. */
  readonly integer: boolean;
  readonly padding: Padding;
  readonly maxBatchTokens: number;
  readonly bytes: number;
  readonly quantization: string;
}

interface TextRow extends Prepared {
  readonly ids: readonly number[];
  /** What is pooled. */
  readonly span: TokenSpan;
  readonly session: OnnxSession;
}

/** throws  embed.load_failed when the graph has no input for tokens or no output that could be pooled */
export function createTextRunner(parts: TextModelParts): Runner {
  const { model, session, tokenizer, querySession, maxTokens } = parts;
  const sessions = querySession === undefined ? [session] : [session, querySession];
  const outputs = new Map(sessions.map((each) => [each, outputOf(each, model)]));
  const stages: Stages<TextRow> = {
    id: model.id,
    dimension: model.dimension,
    dot: model.dot,
    alone: parts.integer,
    maxBatchTokens: parts.maxBatchTokens,
    prepare: (input, options) => prepare(parts, input, options),
    compute: async (rows) => {
      const chosen = rows[0]?.session ?? session;
      const length = paddedLength(Math.max(...rows.map((row) => row.length)), parts.padding, maxTokens);
      const output = await chosen.run(feedsOf(chosen, rows, length, tokenizer.padId), outputs.get(chosen) ?? "");
      const kind = POOLING[model.pooling];
      const vectors = pool(
        output,
        kind,
        rows.map((row) => row.span),
      );
      return parts.dense === undefined ? vectors : vectors.map((vector) => parts.dense?.(vector) ?? vector);
    },
    group: (row) => (row.session === session ? "" : "query"),
  };
  return {
    id: model.id,
    dimension: model.dimension,
    bytes: parts.bytes,
    device: session.device,
    quantization: parts.quantization,
    run: (inputs, options) => runInBatches(stages, inputs, options),
    lengthOf: (input) => estimateLength(input, maxTokens),
    close: async () => void (await Promise.all(sessions.map((each) => each.close()))),
  };
}

/** "none": the graph gives one vector a text. */
const POOLING: Readonly<Record<ModelDescription["pooling"], "mean" | "cls" | "last-token" | "none">> = {
  mean: "mean",
  "mean-dense": "mean",
  cls: "cls",
  "last-token": "last-token",
  projected: "none",
  static: "none",
  remote: "none",
};

/** Outputs of one vector a token, and those that the graph pooled itself. */
const TOKEN_OUTPUTS = ["last_hidden_state", "token_embeddings"];
const POOLED_OUTPUTS = ["sentence_embedding", "text_embeds", "pooler_output"];

function prepare(parts: TextModelParts, input: EmbedInput, options: RunOptions): TextRow {
  const { model, tokenizer, maxTokens, session, querySession } = parts;
  const { text, unpooled, role } = framedText(model, input);
  const { ids, truncated } = tokenizer.encode(text, maxTokens);
  if (truncated && options.truncate === false) {
    throw new NexusError(
      "embed.input_too_long",
      `[nexus/embed] an input has more than the ${maxTokens} tokens that model ${model.id} reads; shorten it, or allow truncation`,
    );
  }
  // At least the last token is pooled, however long the instruction was.
  const from = unpooled === "" ? 0 : Math.min(tokenizer.lead + tokenizer.count(unpooled), ids.length - 1);
  return {
    ids,
    span: { from, to: ids.length },
    length: ids.length,
    tokens: ids.length,
    truncated,
    session: role === "query" ? (querySession ?? session) : session,
  };
}

function feedsOf(
  session: OnnxSession,
  rows: readonly TextRow[],
  length: number,
  padId: number,
): Record<string, TensorData> {
  const size = rows.length * length;
  const feeds: Record<string, TensorData> = {};
  for (const { name, type } of session.inputs) {
    const data = type === "int32" ? new Int32Array(size) : new BigInt64Array(size);
    const fill = FILLERS[name];
    if (fill) {
      const put = (at: number, value: number): void => {
        if (data instanceof BigInt64Array) data[at] = BigInt(value);
        else data[at] = value;
      };
      for (const [row, { ids }] of rows.entries()) {
        for (let i = 0; i < length; i++) put(row * length + i, fill(ids[i], i, padId));
      }
    }
    feeds[name] = { type: type === "int32" ? "int32" : "int64", dims: [rows.length, length], data };
  }
  return feeds;
}

/** What a graph may ask for, from the id at a place (undefined in the padding). */
const FILLERS: Readonly<Record<string, (id: number | undefined, at: number, padId: number) => number>> = {
  input_ids: (id, _, padId) => id ?? padId,
  attention_mask: (id) => (id === undefined ? 0 : 1),
  token_type_ids: () => 0,
  position_ids: (id, at) => (id === undefined ? 0 : at),
};

function outputOf(session: OnnxSession, model: ModelDescription): string {
  const unknown = session.inputs.find(({ name }) => !(name in FILLERS));
  const preferred = model.pooling === "projected" ? POOLED_OUTPUTS.slice(1) : [...TOKEN_OUTPUTS, ...POOLED_OUTPUTS];
  const output = preferred.find((name) => session.outputNames.includes(name)) ?? session.outputNames[0];
  if (unknown === undefined && output !== undefined) return output;
  throw new NexusError(
    "embed.load_failed",
    `[nexus/embed] the graph of model ${model.id} asks for ${unknown?.name ?? "nothing"}, which is no input of a text encoder; import another conversion of it`,
  );
}
