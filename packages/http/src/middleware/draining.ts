/** Refuses new work while the server shuts down; what began before is finished. */

import { NexusError } from "@nexus/core";
import type { AppHandler } from "../dependencies.ts";

const RETRY_AFTER_SECONDS = 5;

export function refuseWhileDraining(draining: () => boolean): AppHandler {
  return (_c, next) => {
    if (!draining()) return next();
    throw new NexusError("overload.shed", "[nexus/http] the server is shutting down; send the request again", {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  };
}
