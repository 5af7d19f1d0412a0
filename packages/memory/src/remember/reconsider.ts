/** After a memory's text was changed: what the old text did to others, and they to it, is undone; the new one is judged as if it were told now. */

import type { Memory, RecordTx } from "@nexus/core";
import { dateFacts } from "./facts.ts";
import { referencesOf, referencesTo, reinstate } from "./links.ts";
import type { PreparedText } from "./prepare.ts";
import { replaceFacts } from "./replace.ts";

/** The memory as it is now, and the others that changed with it. */
export async function reconsider(
  tx: RecordTx,
  memory: Memory,
  text: PreparedText,
  writing: { readonly now: Date; readonly keyId: string },
): Promise<{ readonly memory: Memory; readonly others: readonly Memory[] }> {
  const undoneAt = writing.now;
  const others: Memory[] = [];
  for (const reference of await referencesOf(tx, memory.id)) {
    tx.put("reference", { ...reference, undoneAt });
    const restored = reference.type === "possiblySupersedes" ? undefined : await reinstate(tx, reference, writing);
    if (restored) others.push(restored);
  }
  const present = await released(tx, memory, undoneAt);
  if (present.status !== "active") return { memory: present, others };
  const replaced = await replaceFacts(tx, present, text, writing);
  return { memory: replaced.memory, others: [...others, ...replaced.superseded] };
}

/** No longer what was merged or replaced; still what was declared invalid. */
async function released(tx: RecordTx, memory: Memory, undoneAt: Date): Promise<Memory> {
  const incoming = await referencesTo(tx, memory.id);
  for (const reference of incoming) tx.put("reference", { ...reference, undoneAt });
  if (memory.status !== "merged" && memory.status !== "superseded") return memory;
  const validTo = incoming.find(({ type }) => type !== "possiblySupersedes")?.formerValidTo;
  const free: Memory = { ...memory, status: "active", validTo };
  tx.put("memory", free);
  await dateFacts(tx, free);
  return free;
}
