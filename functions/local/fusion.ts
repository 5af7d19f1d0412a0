/** The trained fusion of E0 and E1, read from its file when it is first asked for. */

import { type Embedder, NexusError } from "@nexus/core";
import { createFuseMoe, describeModel, type Fuser, type Fusion } from "@nexus/embed";
import { readFuseMoe } from "@nexus/embed/node";
import { loadMatrices } from "@nexus/kernels";

const MEMBERS = ["e0", "e1"] as const;

/** `fuse` and `shape` throw embed.not_trained where no file comes with the package, or it was trained with another E0. */
export function lazyFusion(builtIn: Embedder): Fuser {
  let loaded: Fusion | undefined;
  const load = (): Fusion => {
    if (loaded) return loaded;
    const models = { e0: builtIn.describe().model, e1: describeModel("e1").name };
    const weights = readFuseMoe(MEMBERS, { models });
    if (!weights) throw new NexusError("embed.not_trained", "[nexus/local] no trained fusion of E0 and E1 is here");
    return (loaded = createFuseMoe(weights, { matrices: loadMatrices }));
  };
  return {
    models: MEMBERS,
    get shape() {
      return load().shape;
    },
    fuse: (vectors) => load().fuse(vectors),
  };
}
