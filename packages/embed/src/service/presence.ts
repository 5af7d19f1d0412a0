/** Which models are here, and which of them a request without a model is for. */

import type { Clock, Modality, ModelState } from "@nexus/core";
import { createSingleFlight } from "@nexus/platform";
import type { EmbeddingSettings } from "../defaults.ts";
import type { ModelPool } from "../models/runner.ts";

export interface Presence {
  /** As it was at most `presenceMs` ago. */
  readonly states: () => Promise<readonly ModelState[]>;
  /** The best model that is here and reads the modality; undefined where there is none. */
  best(modality: Modality, allows: (model: string) => boolean): Promise<string | undefined>;
}

export function createPresence(
  pool: ModelPool,
  clock: Clock,
  { presenceMs, preferred }: Pick<EmbeddingSettings, "presenceMs" | "preferred">,
): Presence {
  const flight = createSingleFlight<readonly ModelState[]>();
  let known: readonly ModelState[] = [];
  let knownAt = -Infinity;
  const states = async (): Promise<readonly ModelState[]> => {
    if (clock.monotonic() - knownAt < presenceMs) return known;
    known = await flight.run("states", () => pool.states());
    knownAt = clock.monotonic();
    return known;
  };
  return {
    states,
    async best(modality, allows) {
      const here = new Map((await states()).filter(({ present }) => present).map((state) => [state.id, state]));
      const fit = preferred[modality].filter((id) => allows(id) && here.get(id)?.modalities.includes(modality));
      return fit.find((id) => id !== "e0" && here.get(id)?.loaded) ?? fit[0];
    },
  };
}
