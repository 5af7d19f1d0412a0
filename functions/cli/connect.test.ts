/** Which server is asked, and which key it is shown. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connect } from "./connect.ts";

const env = {};
const log = () => {};
let dataDir = "";
let server: Server;
let url = "";
let keys: (string | undefined)[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "nexus-connect-"));
  keys = [];
  server = createServer((request, response) => {
    if (request.url !== "/health") keys.push(request.headers.authorization);
    response
      .setHeader("content-type", "application/json")
      .end('{"status":"ok","version":"0","items":[],"nextCursor":null}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(join(dataDir, "server.json"), JSON.stringify({ url, pid: process.pid }));
  await writeFile(join(dataDir, "key"), "nx_generated_key\n");
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(dataDir, { recursive: true, force: true });
});

it("asks the server that the data directory names, with the key that was generated there", async () => {
  const { client, where, embedded } = await connect({ dataDir, env, log });
  await client.jobs();
  expect({ where, embedded, keys }).toEqual({ where: url, embedded: false, keys: ["Bearer nx_generated_key"] });
});

it("lets the flag win over the environment, and both over the generated key", async () => {
  const both = { NEXUS_DATA_DIR: dataDir, NEXUS_API_KEY: "from-env" };
  await (await connect({ env: both, log })).client.jobs();
  await (await connect({ env: both, key: "from-flag", log })).client.jobs();
  expect(keys).toEqual(["Bearer from-env", "Bearer from-flag"]);
});

it("shows the generated key to the server that made it, and to no other address", async () => {
  await (await connect({ dataDir, env, url: `${url}/`, log })).client.jobs();
  expect(keys).toEqual(["Bearer nx_generated_key"]);
  await expect(connect({ dataDir, env, url: "http://elsewhere.test", log })).rejects.toMatchObject({
    code: "auth.missing",
  });
});

it.each(["elsewhere", "ftp://elsewhere.test"])("refuses the address %s", async (address) => {
  await expect(connect({ dataDir, env, url: address, key: "k", log })).rejects.toMatchObject({
    code: "config.invalid",
  });
});
