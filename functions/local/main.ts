/** `npm start`: the local server. */

import { asNexusError } from "@nexus/core";
import { readConfig } from "./config.ts";
import { serve } from "./server.ts";

try {
  await serve(readConfig(process.env));
  // The record engine keeps the process alive after it is closed.
  process.exit(0);
} catch (error) {
  const { code, message } = asNexusError(error);
  console.error(`nexus: ${message} (${code})`);
  if (code === "internal.unexpected") console.error(error);
  process.exit(1);
}
