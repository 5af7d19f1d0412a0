/** Which deep model's vectors each tenant has beside those of the built-in one: searched now, being filled, kept from before. */

import type { Clock, Json, RecordStore, RecordTx, Setting, TenantScope } from "@nexus/core";

/** The vectors of one model over all memories of a tenant. A model that comes back gets a new number. */
export interface Generation {
  readonly number: number;
  /** `describe().name` and `.model` of its embedder. */
  readonly name: string;
  readonly model: string;
  readonly startedAt: number;
}

/** How the answers of a generation differ from those in use, before it takes their place. */
export interface Comparison {
  /** Memories whose own beginnings were searched for. */
  readonly queries: number;
  /** Share of the ten nearest that both find. */
  readonly overlapAt10: number;
  /** Share of the memories that are among the ten nearest to their own beginning: by the new vectors, and by those in use. */
  readonly selfAt10: number;
  readonly selfAt10InUse: number;
  /** Of one query's embedding and search by the new vectors, 95th percentile. */
  readonly p95Ms: number;
}

export interface ModelState {
  /** Searched beside the built-in vectors. */
  readonly active?: Generation | undefined;
  readonly next?:
    | (Generation & {
        readonly comparison?: Comparison | undefined;
        /** When its filling was begun again, after one that ended without a comparison. */
        readonly resumedAt?: number | undefined;
      })
    | undefined;
  /** Still there, for a roll-back, until another generation begins or it is retired. */
  readonly previous?: Generation | undefined;
  /** Models that were rolled back: not begun again by themselves. */
  readonly refused: readonly string[];
  /** The largest number ever given. */
  readonly last: number;
  /** When it was noted, or last tried again, that memories lack vectors that could not be made when they were written. */
  readonly lackingAt?: number | undefined;
  /** `describe().model` of the built-in embedder that all memories have vectors of. */
  readonly builtIn?: string | undefined;
}

export interface Generations {
  /** As of at most a minute ago; changes made by this process are seen at once. Cost: a read by key a minute and tenant. */
  of(scope: TenantScope): Promise<ModelState>;
  /** One transaction; undefined leaves it as it is. `also` may write what belongs to the change. */
  change(
    scope: TenantScope,
    next: (state: ModelState) => ModelState | undefined,
    also?: (tx: RecordTx) => void,
  ): Promise<ModelState>;
}

const SETTING = "models";
const KEEP_MS = 60_000;
const MAX_TENANTS = 10_000;
const NOTHING: ModelState = { refused: [], last: 0 };

/** Name of a generation's vectors in the vector store: two of one model may stand side by side. */
export function vectorNameOf({ name, number }: Pick<Generation, "name" | "number">): string {
  return `${name}.${number}`;
}

/** Those that new memories must be given vectors of. */
export function generationsToFill({ active, next }: ModelState): Generation[] {
  return [active, next].filter((one) => one !== undefined);
}

/** Those whose vectors are in the vector store: a roll-back finds its own there. */
export function generationsKept(state: ModelState): Generation[] {
  return [...generationsToFill(state), ...(state.previous ? [state.previous] : [])];
}

export function createGenerations({ records, clock }: { records: RecordStore; clock: Clock }): Generations {
  const kept = new Map<string, { readonly state: ModelState; readonly at: number }>();
  const keep = (scope: TenantScope, state: ModelState): ModelState => {
    if (kept.size >= MAX_TENANTS) kept.clear();
    kept.set(scope.tenant, { state, at: clock.now() });
    return state;
  };
  return {
    async of(scope) {
      const known = kept.get(scope.tenant);
      if (known && clock.now() - known.at < KEEP_MS) return known.state;
      const [row] = await records.reader(scope).get("setting", [[SETTING]]);
      return keep(scope, stateOf(row));
    },
    async change(scope, next, also) {
      const { value } = await records.transact(scope, [], async (tx) => {
        const [row] = await tx.get("setting", [[SETTING]]);
        const before = stateOf(row);
        const after = next(before);
        if (!after) return before;
        const updatedAt = new Date(clock.now());
        tx.put("setting", { name: SETTING, value: toJson(after), version: (row?.version ?? 0) + 1, updatedAt });
        also?.(tx);
        return after;
      });
      return keep(scope, value);
    },
  };
}

function stateOf(row: Setting | undefined): ModelState {
  return row ? { ...NOTHING, ...(row.value as unknown as ModelState) } : NOTHING;
}

/** Without what is undefined, which JSON has no word for. */
function toJson(state: ModelState): Json {
  return JSON.parse(JSON.stringify(state)) as Json;
}
