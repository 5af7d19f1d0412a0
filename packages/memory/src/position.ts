/** Where a page of a newest-first list ended, and the signed cursor that carries it through the caller. */

import { indexFields, NexusError, seal, type Sign, type Tables, type TenantScope, unseal } from "@nexus/core";

/** The index position of the last row, and the rows at that very position that were shown: positions may repeat. */
export interface Position {
  readonly newest: number;
  readonly shown: readonly string[];
}

/** The position once `row` has been passed. */
export function advance<T extends "memory" | "job">(
  position: Position | undefined,
  table: T,
  row: Tables[T],
): Position {
  const newest = Number(indexFields(table, row)["newest"]);
  return { newest, shown: position?.newest === newest ? [...position.shown, row.id] : [row.id] };
}

/** `purpose` names the list, so that a cursor of another one is refused. */
export function toCursor(
  position: Position,
  scope: TenantScope,
  purpose: string,
  [sign]: readonly [Sign, ...Sign[]],
): string {
  return seal(sign, scope.tenant, purpose, { ...position });
}

/** throws  body.invalid for a cursor that was not made here, for this tenant and this list */
export function fromCursor(
  cursor: string | undefined,
  scope: TenantScope,
  purpose: string,
  signers: readonly Sign[],
): Position | undefined {
  if (cursor === undefined) return undefined;
  const position = unseal(signers, scope.tenant, purpose, cursor) as unknown as Position | undefined;
  if (position !== undefined) return position;
  const message = "is not a cursor of this list; leave it out to begin again";
  throw new NexusError("body.invalid", `[nexus/memory] cursor ${message}`, { problems: [{ path: "cursor", message }] });
}
