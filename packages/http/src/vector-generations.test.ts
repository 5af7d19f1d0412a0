/** /api/embeddings/generations: who may see and decide, and a model that is filled, taken into use, rolled back and retired. */

import type { DeepModels, Embedder } from "@nexus/core";
import { createHashingEmbedder } from "@nexus/embed";
import { createMemory } from "@nexus/memory";
import { createSigner, createUserTokens } from "@nexus/platform";
import { describe, expect, it } from "vitest";
import { openWorld } from "../../../test/support/memory-world.ts";
import { createFixture, NOW } from "./app-fixture.ts";
import { createTestCredentials } from "./credentials-fixture.ts";

const PATH = "/api/embeddings/generations";
const NONE = { active: null, next: null, previous: null, refused: [] };

interface Problem {
  readonly code: string;
  readonly errors: readonly { readonly path: string }[];
}

const as = (key: string) => ({ authorization: `Bearer ${key}` });

async function failureOf(response: Response): Promise<unknown[]> {
  const { code, errors } = (await response.json()) as Problem;
  return [response.status, code, ...errors.map(({ path }) => path)];
}

describe("GET and POST /api/embeddings/generations", () => {
  it("give the generations of the key's tenant, with times of ISO 8601", async () => {
    const active = { number: 1, name: "e1", model: "e1@1", startedAt: NOW };
    const comparison = { queries: 3, overlapAt10: 1, selfAt10: 0, selfAt10InUse: 1, p95Ms: 2 };
    const next = { number: 2, name: "e2", model: "e2@1", startedAt: NOW, comparison };
    const fixture = createFixture({
      service: {
        models: () => Promise.resolve({ active, next, refused: [], last: 2 }),
        switchModels: () => Promise.resolve({ active: next, previous: active, refused: [], last: 2 }),
      },
    });
    const startedAt = new Date(NOW).toISOString();
    const seen = await fixture.send("GET", PATH, undefined, as("read-key"));
    expect([seen.status, await seen.json()]).toEqual([
      200,
      { ...NONE, active: { ...active, startedAt }, next: { ...next, startedAt } },
    ]);
    const switched = await fixture.send("POST", PATH, { action: "cutOver" });
    expect([switched.status, await switched.json()]).toMatchObject([
      200,
      { active: { number: 2 }, next: null, previous: { number: 1, startedAt } },
    ]);
    expect(fixture.calls).toMatchObject([
      { method: "models", args: [{ tenant: "t1" }] },
      { method: "switchModels", args: [{ tenant: "t1" }, "cutOver"] },
    ]);
  });

  it("are for API keys: to see with any that reads, to decide with one that is admin", async () => {
    const fixture = createFixture();
    const subject = { userId: "u1" };
    const expiresAt = fixture.time.now + 60_000;
    const grants = ["read", "write"] as const;
    const token = fixture.tokens.issue({ tenant: "t1", subject, grants, issuer: "k-admin", expiresAt });
    const action = { action: "retire" };
    expect(await failureOf(await fixture.send("GET", PATH, undefined, as(token)))).toEqual([403, "auth.scope"]);
    for (const key of [token, "read-key", "write-key"]) {
      expect(await failureOf(await fixture.send("POST", PATH, action, as(key)))).toEqual([403, "auth.scope"]);
    }
    for (const [method, body] of [["GET", undefined] as const, ["POST", action] as const]) {
      const stranger = await fixture.send(method, PATH, body, { authorization: "" });
      expect(await failureOf(stranger)).toEqual([401, "auth.missing"]);
    }
    expect(fixture.calls).toEqual([]);
  });

  it.each<[string, string, unknown, unknown[]]>([
    ["GET", "?tenant=t2", undefined, [400, "body.unknown_field", "tenant"]],
    ["POST", "?action=retire", { action: "retire" }, [400, "body.unknown_field", "action"]],
    ["POST", "", { action: "retire", number: 2 }, [400, "body.unknown_field", "number"]],
    ["POST", "", { action: "drop" }, [400, "body.invalid", "action"]],
    ["POST", "", {}, [400, "body.invalid", "action"]],
    ["POST", "", "{", [400, "body.malformed"]],
    ["DELETE", "", undefined, [405, "route.method"]],
  ])("refuse %s%s with %j", async (method, query, body, refusal) => {
    const { calls, send } = createFixture();
    expect(await failureOf(await send(method, `${PATH}${query}`, body))).toEqual(refusal);
    expect(calls).toEqual([]);
  });
});

/** A deep model in small: what counts here is whose vectors they are. */
function createModel(revision: string): Embedder {
  const inner = createHashingEmbedder({ dimension: 64 });
  return { ...inner, describe: () => ({ ...inner.describe(), name: "deep", model: `deep@${revision}` }) };
}

describe("a deep model", () => {
  it("is taken into use, rolled back and retired by an operator, of that tenant alone", async () => {
    const world = await openWorld();
    const [first, second] = [createModel("1"), createModel("2")];
    let wanted = first;
    const deep: DeepModels = {
      wanted: async () => wanted,
      of: async (model) => [first, second].find((one) => one.describe().model === model),
    };
    const service = createMemory({ ...world.dependencies, deep });
    const [one, two] = [world.tenant(), world.tenant()];
    await one.tell("Ana bought a bicycle");
    await two.tell("Ben bought a kettle");
    const { clock } = world.dependencies;
    const tokens = createUserTokens({ signers: createSigner([new Uint8Array(32)]).verifiers, clock });
    const key = (tenant: string) => ({ keyId: tenant, tenant, grants: ["admin"], ratePerMinute: 1_000 }) as const;
    const keys = { one: key(one.scope.tenant), two: key(two.scope.tenant) };
    const credentials = createTestCredentials(keys, { tokens, clock });
    const { send } = createFixture({ service: service.memory, deps: { credentials, tokens, clock } });
    const filled = async () => {
      await service.background.sweep(one.scope);
      await expect.poll(async () => (await one.jobs()).filter(({ status }) => status !== "done")).toEqual([]);
    };
    const generations = async (who: string) => (await send("GET", PATH, undefined, as(who))).json();
    const decide = (action: string, who = "one") => send("POST", PATH, { action }, as(who));

    for (const action of ["cutOver", "rollBack", "retire"]) {
      expect(await failureOf(await decide(action))).toEqual([409, "embed.generation_missing"]);
    }
    await filled();
    expect(await generations("one")).toMatchObject({ ...NONE, active: { number: 1, name: "deep", model: "deep@1" } });
    wanted = second;
    await filled();
    expect(await generations("one")).toMatchObject({ active: { model: "deep@2" }, previous: { model: "deep@1" } });
    expect(await (await decide("rollBack")).json()).toMatchObject({
      active: { model: "deep@1" },
      previous: { model: "deep@2" },
      refused: ["deep@2"],
    });
    expect(await (await decide("retire")).json()).toMatchObject({ active: { number: 1 }, previous: null });
    expect(await (await decide("refill")).json()).toMatchObject({ active: { number: 1 }, refused: [] });
    await filled();
    expect(await generations("one")).toMatchObject({ active: { number: 3, model: "deep@2" } });

    expect(await generations("two")).toEqual(NONE);
    expect(await failureOf(await decide("rollBack", "two"))).toEqual([409, "embed.generation_missing"]);
    await service.background.stop();
  });
});
