/** What of this package needs Node: files, native runtimes. */

export { createCacheDisk, type CacheDiskOptions } from "./cache/cache-disk.node.ts";
export { type ExportedFiles, exportFolder } from "./fusemoe/export-folder.node.ts";
export { importModel, type ImportOptions } from "./models/import.node.ts";
export { createLocalLoader, type LocalLoaderOptions } from "./models/local-loader.node.ts";
export { acceptLicence, type Manifest } from "./models/manifest.node.ts";
export { listModels, type PresentModel, removeModel } from "./models/model-list.node.ts";
export { type PullOptions, type PullProgress, pullModel } from "./models/pull.node.ts";
export { readE0, type ReadE0Options, readModel2Vec, type ReadModel2VecOptions } from "./static/read.node.ts";
export { readFuseMoe, type ReadFuseMoeOptions } from "./fusemoe/read.node.ts";
