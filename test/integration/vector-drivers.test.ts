import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLocalVectors } from "../../packages/stores/src/local-vectors.node.ts";
import { type OpenedVectorStore, vectorStoreContract } from "../contract/vector-store.ts";

async function openLocal(directory: string): Promise<OpenedVectorStore> {
  const store = await openLocalVectors({
    directory,
    onDamage: (_tenant, error) => Promise.reject(error),
  });
  return {
    store,
    close: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
    reopen: async () => {
      await store.close();
      return openLocal(directory);
    },
  };
}

vectorStoreContract("local", async () => openLocal(await mkdtemp(join(tmpdir(), "nexus-vectors-"))));
