/** `nexus serve` */

import { command } from "../command.ts";

export const serve = command({
  name: "serve",
  summary: "run the server until Ctrl-C",
  usage: ["[options]", "nexus serve", "nexus serve --port 9000 --data-dir ~/memories"],
  options: {
    port: { type: "string", short: "p", value: "<number>", help: "where to listen (PORT); 8787 if left out" },
    host: { type: "string", value: "<address>", help: "on which address (HOST); 127.0.0.1 if left out" },
  },
  notes: `All other settings come from the environment (NEXUS_…). Off loopback the server wants
NEXUS_API_KEYS; on it, it makes a key of its own in the data directory.`,
  async run({ values: { port, host }, global, env }) {
    const [server, { readConfig }] = await Promise.all([
      import("../../local/server.ts"),
      import("../../local/config.ts"),
    ]);
    await server.serve(readConfig(env, { port, host, dataDir: global["data-dir"] }));
  },
});
