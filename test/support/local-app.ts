/** The whole product in the test's own process, on a temporary data directory, with two tenants and a read-only key. */

import { afterAll } from "vitest";
import { type Local, openLocal } from "../../functions/local/app.ts";
import { readConfig } from "../../functions/local/config.ts";
import { type Api, createApi } from "./api.ts";
import { OTHER_KEY, READ_KEY, TEST_KEY, TEST_KEYS, temporaryDirectory } from "./server.ts";

export interface LocalApp {
  readonly local: Local;
  /** Tenant a, all grants. */
  readonly a: Api;
  /** Tenant b, all grants. */
  readonly b: Api;
  /** Tenant a, may only read. */
  readonly reader: Api;
  readonly logs: string[];
}

/** One app a test file: the record engine opens a directory once in a process. Closed and removed after the file's tests. */
export async function openApp(name: string, env: Readonly<Record<string, string>> = {}): Promise<LocalApp> {
  const directory = await temporaryDirectory(name);
  const logs: string[] = [];
  const config = readConfig({
    NEXUS_DATA_DIR: directory.path,
    NEXUS_API_KEYS: TEST_KEYS,
    NEXUS_SEARCH_DEADLINE_MS: "5000",
    ...env,
  });
  const local = await openLocal(config, (line) => logs.push(line));
  afterAll(async () => {
    await local.close();
    await directory.remove();
  });
  const fetch = (request: Request): Promise<Response> => local.fetch(request);
  return {
    local,
    a: createApi({ key: TEST_KEY, fetch }),
    b: createApi({ key: OTHER_KEY, fetch }),
    reader: createApi({ key: READ_KEY, fetch }),
    logs,
  };
}
