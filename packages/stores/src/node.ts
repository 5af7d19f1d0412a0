/** Drivers that need Node: the embedded engine and files. */

export { type DataDirectory, type DataDirectoryOptions, openDataDirectory } from "./data-directory.node.ts";
export { openFileBlobs } from "./files.node.ts";
export { openLocalVectors } from "./local-vectors.node.ts";
export { secretFile } from "./secret-file.node.ts";
export { embeddedUrl, type EmbeddedRecordsOptions, openSurrealRecords } from "./surreal-embedded.node.ts";
