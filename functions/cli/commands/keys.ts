/** `nexus keys` */

import type { Key, NexusClient } from "@nexus/client";
import { wholeNumber } from "../arguments.ts";
import { command, UsageError } from "../command.ts";
import { printJson, type Terminal } from "../terminal.ts";

const SCOPES = ["read", "write", "admin", "realtime"] as const;
const PAGE = 200;

export const keys = command({
  name: "keys",
  summary: "make, list and revoke API keys",
  usage: [
    "<list|create|revoke> [options]",
    "nexus keys create --name backend --scope read --scope write",
    "nexus keys list",
    "nexus keys revoke 3f2a9c41d07b5e88",
  ],
  options: {
    name: { type: "string", value: "<name>", help: "create: what the key is called in lists" },
    scope: {
      type: "string",
      multiple: true,
      value: "<scope>",
      help: `create: ${SCOPES.join(", ")}; give it once for each`,
    },
    rate: { type: "string", value: "<number>", help: "create: requests a minute; the server's bound if left out" },
    expires: { type: "string", value: "<time>", help: "create: when it ends, such as 2027-01-01; never if left out" },
  },
  notes: `A key is shown once, when it is made. admin includes the other scopes. A revoked key stops at
once, on other servers within a minute, and with it the user tokens that it made. Keys of the
server's configuration (NEXUS_API_KEYS) are listed but can only be taken away there.`,
  async run({ values, positionals, global, terminal, signal, connect }) {
    const [action, id, ...more] = positionals;
    if (more.length > 0) throw new UsageError(`what is "${more.join(" ")}"?`);
    if (action === "create" && id === undefined) {
      const { name, expires: expiresAt } = values;
      if (name === undefined) throw new UsageError("--name is missing");
      const request = {
        name,
        scopes: scopesOf(values.scope ?? []),
        ratePerMinute: wholeNumber("rate", values.rate),
        expiresAt,
      };
      const made = await (await connect()).client.createKey(request, { signal });
      if (global.json) return printJson(terminal, made);
      terminal.err(`Key ${made.id} (${made.name}, ${made.scopes.join("+")}). It is shown this once:`);
      return terminal.out(made.key);
    }
    if (action === "list" && id === undefined)
      return await list((await connect()).client, { global, terminal, signal });
    if (action === "revoke" && id !== undefined) {
      const revoked = await (await connect()).client.revokeKey(id, { signal });
      return global.json ? printJson(terminal, revoked) : terminal.out(`Revoked ${revoked.id} (${revoked.name}).`);
    }
    throw new UsageError(action === "revoke" ? "the id of the key is missing" : "say list, create or revoke");
  },
});

async function list(
  client: NexusClient,
  { global, terminal, signal }: { global: { readonly json?: boolean }; terminal: Terminal; signal: AbortSignal },
): Promise<void> {
  const items: Key[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await client.keys({ limit: PAGE, cursor }, { signal });
    items.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  if (global.json) return printJson(terminal, { items });
  const width = Math.max(...items.map(({ name }) => name.length), 0);
  for (const key of items) {
    terminal.out(
      `${key.id}  ${key.name.padEnd(width)}  ${key.scopes.join("+")}  ${key.ratePerMinute}/min  ${stateOf(key)}`,
    );
  }
}

function stateOf({ createdAt, expiresAt, revokedAt, readOnly }: Key): string {
  if (readOnly) return "of the configuration";
  if (revokedAt !== null) return `revoked ${revokedAt.slice(0, 10)}`;
  const end = expiresAt === null ? "" : `, ends ${expiresAt.slice(0, 10)}`;
  return `made ${createdAt?.slice(0, 10) ?? "?"}${end}`;
}

function scopesOf(words: readonly string[]): (typeof SCOPES)[number][] {
  if (words.length === 0) throw new UsageError(`--scope is missing; there are ${SCOPES.join(", ")}`);
  return words
    .flatMap((word) => word.split(/[,+]/))
    .map((word) => {
      const scope = SCOPES.find((known) => known === word);
      if (!scope) throw new UsageError(`--scope must be one of ${SCOPES.join(", ")}`);
      return scope;
    });
}
