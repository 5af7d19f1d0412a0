import { createHashingEmbedder } from "@nexus/embed";
import { embedderContract } from "../contract/embedder.ts";

embedderContract("hashing, 256 dimensions", () => createHashingEmbedder({ dimension: 256 }));
embedderContract("hashing, 64 dimensions", () => createHashingEmbedder({ dimension: 64 }));
