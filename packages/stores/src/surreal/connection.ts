/** One connected SurrealDB client, seen as statements in and plain values out, with every failure translated. */

import { NexusError } from "@nexus/core";
import type { Surreal, SurrealTransaction } from "surrealdb";

import { translate } from "./failures.ts";

type Parameters = Record<string, unknown>;

export interface Statements {
  /** The result of the last of the statements. `doing` names the operation in errors. */
  run<R>(statements: string, parameters: Parameters, doing: string): Promise<R>;
}

/** One moment of the database, unmoved by later writes. */
interface Snapshot extends Statements {
  end(): Promise<void>;
}

export interface Connection extends Statements {
  snapshot(): Promise<Snapshot>;
  engineVersion(): Promise<string>;
  close(): Promise<void>;
}

/** The client must decode datetimes as `Date` (`codecOptions: { useNativeDates: true }`) and have its database selected. */
export function connection(client: Surreal): Connection {
  let closed = false;
  const alive = (): void => {
    if (closed) throw new NexusError("store.unavailable", "[nexus/stores:surreal] the record store is closed");
  };
  return {
    async run<R>(statements: string, parameters: Parameters, doing: string): Promise<R> {
      alive();
      return await lastResult<R>(client, statements, parameters, doing);
    },
    async snapshot() {
      alive();
      try {
        return snapshotOf(await client.beginTransaction());
      } catch (error) {
        throw translate(error, "beginning a snapshot");
      }
    },
    async engineVersion() {
      return (await client.version()).version;
    },
    async close() {
      closed = true;
      await client.close();
    },
  };
}

function snapshotOf(transaction: SurrealTransaction): Snapshot {
  return {
    run: async (statements, parameters, doing) => await lastResult(transaction, statements, parameters, doing),
    end: async () => await transaction.cancel(),
  };
}

async function lastResult<R>(
  queryable: Pick<Surreal, "query">,
  statements: string,
  parameters: Parameters,
  doing: string,
): Promise<R> {
  try {
    const results = await queryable.query(statements, parameters);
    return results.at(-1) as R;
  } catch (error) {
    throw translate(error, doing);
  }
}
