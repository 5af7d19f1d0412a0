/** What the metrics say of each embedding model, one line a model. */

import { type Sample, sumOf } from "./metrics.ts";
import { count } from "./print/progress.ts";

/** Labels and texts; a figure that was not measured is left out. */
export function modelFigures(samples: readonly Sample[]): [string, string][] {
  const ofModels = samples.filter(
    ({ name, labels }) => name.startsWith("nexus_embed_") && labels["model"] !== undefined,
  );
  const models = [...new Set(ofModels.map(({ labels }) => labels["model"] ?? ""))].toSorted(byNumber);
  return models.map((model) => [model, figuresOf(ofModels, model)]);
}

function figuresOf(samples: readonly Sample[], model: string): string {
  const sum = (name: string) => sumOf(samples, `nexus_embed_${name}`, { model });
  const runs = sum("seconds_count");
  const seconds = sum("seconds_sum");
  const batches = sum("batch_size_count");
  const inputs = sum("batch_size_sum");
  const waiting = sum("queue");
  const bytes = sum("model_bytes");
  const devices = new Set(samples.flatMap(({ labels }) => (labels["model"] === model ? (labels["device"] ?? []) : [])));
  return [
    ...(runs && seconds !== undefined ? [`${count(runs)} runs, ${milliseconds(seconds / runs)} on average`] : []),
    ...(batches && inputs !== undefined ? [`${(inputs / batches).toFixed(1)} inputs a run`] : []),
    ...(waiting === undefined ? [] : [`${count(waiting)} waiting`]),
    ...(bytes === undefined ? [] : [`${(bytes / 1_048_576).toFixed(1)} MiB`]),
    ...(devices.size > 0 ? [`on ${[...devices].join(" and ")}`] : []),
  ].join(", ");
}

/** A built-in model takes microseconds, a large one tenths of a second. */
function milliseconds(seconds: number): string {
  const value = seconds * 1_000;
  return `${value < 10 ? value.toPrecision(2) : value.toFixed(0)} ms`;
}

/** e2 before e10. */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
