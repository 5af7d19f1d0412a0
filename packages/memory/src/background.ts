/** The loop that sweeps every tenant: at start, then on a timer, until it is stopped. */

import { asNexusError, type TenantScope } from "@nexus/core";
import { type Backlog, backlogOf, report } from "./jobs/backlog.ts";
import { requestRebuild } from "./jobs/rebuild.ts";
import { sweep, type Swept } from "./jobs/sweep.ts";
import type { RememberDependencies } from "./remember/remember.ts";

export interface Background {
  /** Sweeps at once and then every `sweepMs`; `tenants` enumerates the scopes that maintenance may act for. */
  start(tenants: () => Promise<readonly TenantScope[]>): void;
  /** One sweep of one tenant. */
  sweep(scope: TenantScope): Promise<Swept>;
  /** Plans a rebuild of the tenant's vector store from its records. */
  rebuild(scope: TenantScope): Promise<void>;
  /** Waits for the work in hand and for projections to be marked as done. */
  stop(): Promise<void>;
}

export interface BackgroundDependencies extends RememberDependencies {
  /** Asks frequent queries again whose answers have ended. */
  readonly warm: (scope: TenantScope) => Promise<number>;
}

export function createBackground(deps: BackgroundDependencies): Background {
  const { telemetry, settings } = deps;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let active: Promise<void> = Promise.resolve();
  let stopped = false;

  const sweepAll = async (tenants: () => Promise<readonly TenantScope[]>): Promise<void> => {
    const backlogs: Backlog[] = [];
    for (const scope of await tenants()) {
      if (stopped) return;
      try {
        const swept = await sweep(scope, deps);
        if (Object.values(swept).some((count) => count > 0)) telemetry.log("info", "swept", { ...swept });
        backlogs.push(await backlogOf(scope, deps));
        await deps.warm(scope);
      } catch (error) {
        telemetry.log("error", "sweep failed; the next one tries again", { code: asNexusError(error).code });
      }
    }
    report(backlogs, telemetry);
  };

  return {
    start(tenants) {
      const round = (): void => {
        active = sweepAll(tenants)
          .catch((error: unknown) => telemetry.log("error", "sweep failed", { code: asNexusError(error).code }))
          .finally(() => {
            if (!stopped) timer = setTimeout(round, settings.sweepMs);
          });
      };
      round();
    },
    sweep: (scope) => sweep(scope, deps),
    async rebuild(scope) {
      await requestRebuild(scope, deps);
      deps.jobs.nudge(scope);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await deps.jobs.stop();
      await active;
      await deps.projector.settled();
    },
  };
}
