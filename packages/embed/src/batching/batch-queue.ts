/** The inputs that wait for one model, and which of them go together next. */

import type { EmbedInput } from "@nexus/core";
import type { RunnerOutput } from "../models/runner.ts";
import { type Padding, paddedLength } from "../runners/padding.ts";

/** An input that waits or runs. */
export interface Waiting {
  readonly input: EmbedInput;
  readonly truncate: boolean;
  /** Nobody waits for it: queries go first. */
  readonly background: boolean;
  readonly resolve: (output: RunnerOutput) => void;
  readonly reject: (error: unknown) => void;
  /** Neither answered nor called off. */
  readonly isWanted: () => boolean;
  /** Set while it runs: called when its caller has gone. */
  onLeave?: () => void;
  /** In tokens or frames, once a runner was asked. */
  length?: number;
}

export interface TakeOptions {
  readonly limit: number;
  readonly padding: Padding;
  readonly maxTokens: number;
  /** Of all inputs of a batch with their padding; one input alone may have more. */
  readonly maxBatchTokens: number;
}

/** Padding may add so much to a batch's tokens: a quarter costs less than a second run. Fixed lengths must be the same instead. */
const SLACK = 1.25;
/** Batches of queries after which it is the background's turn, if it waits: queries wait for one batch in five then, and the background never for more than four. */
export const BACKGROUND_TURN: number = 4;

export class BatchQueue {
  #queries: Waiting[] = [];
  #background: Waiting[] = [];
  #queryBatches = 0;

  get size(): number {
    return this.#queries.length + this.#background.length;
  }

  push(waiting: Waiting): void {
    this.#line(waiting).push(waiting);
  }

  /** An input that is not wanted any more; unknown ones are fine. */
  remove(waiting: Waiting): void {
    const line = this.#line(waiting);
    const at = line.indexOf(waiting);
    if (at >= 0) line.splice(at, 1);
  }

  /** Everything that waits, which waits no longer. */
  removeAll(): Waiting[] {
    const all = [...this.#queries, ...this.#background];
    this.#queries = [];
    this.#background = [];
    return all;
  }

  /**
   * The next batch, shortest first: always the oldest input of its line, and those of like length that may go with it.
   * So an input with p older ones in its line runs in the (p + 1)th batch of its line at the latest, and with the turns
   * within 5 · (p + 1) of all.
   */
  take(lengthOf: (input: EmbedInput) => number, options: TakeOptions): Waiting[] {
    const isBackground =
      this.#background.length > 0 && (this.#queries.length === 0 || this.#queryBatches >= BACKGROUND_TURN);
    this.#queryBatches = isBackground || this.#background.length === 0 ? 0 : this.#queryBatches + 1;
    const line = isBackground ? this.#background : this.#queries;
    const [oldest] = line;
    if (!oldest) return [];
    const alike = line.filter(
      ({ input, truncate }) => truncate === oldest.truncate && input.modality === oldest.input.modality,
    );
    const batch = neighbours(alike, oldest, lengthOf, options);
    const taken = new Set(batch);
    const left = line.filter((waiting) => !taken.has(waiting));
    if (isBackground) this.#background = left;
    else this.#queries = left;
    return batch;
  }

  #line({ background }: Waiting): Waiting[] {
    return background ? this.#background : this.#queries;
  }
}

/** From the oldest outwards in order of length, the nearer length first, while batch and padding allow. */
function neighbours(
  line: readonly Waiting[],
  oldest: Waiting,
  lengthOf: (input: EmbedInput) => number,
  { limit, padding, maxTokens, maxBatchTokens }: TakeOptions,
): Waiting[] {
  const padded = (waiting: Waiting): number => {
    waiting.length ??= lengthOf(waiting.input);
    return paddedLength(Math.min(Math.max(1, waiting.length), maxTokens), padding, maxTokens);
  };
  const sorted = line.map((waiting) => ({ waiting, length: padded(waiting) })).sort((a, b) => a.length - b.length);
  let first = sorted.findIndex(({ waiting }) => waiting === oldest);
  let end = first + 1;
  const own = sorted[first]?.length ?? 1;
  let sum = own;
  while (end - first < limit) {
    const shorter = sorted[first - 1];
    const longer = sorted[end];
    const takesShorter = shorter !== undefined && (!longer || own - shorter.length <= longer.length - own);
    const next = takesShorter ? shorter : longer;
    if (!next) break;
    const longest = takesShorter ? (sorted[end - 1]?.length ?? own) : next.length;
    const count = end - first + 1;
    sum += next.length;
    const mostlyRead = count * longest <= sum * (padding === "dynamic" ? SLACK : 1);
    if (!mostlyRead || count * longest > maxBatchTokens) break;
    if (takesShorter) first--;
    else end++;
  }
  return sorted.slice(first, end).map(({ waiting }) => waiting);
}
