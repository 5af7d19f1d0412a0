/** Streams out of and into a server of the test's own. */

import { describe, expect, it } from "vitest";
import { createClient, NexusClientError } from "./index.ts";

interface Sent {
  readonly url: string;
  readonly init: RequestInit & { readonly duplex?: string };
}

function clientOf(replies: Response[]) {
  const sent: Sent[] = [];
  const nexus = createClient({
    url: "http://nexus.test",
    key: "k",
    runtime: {
      fetch: async (url, init) => {
        sent.push({ url, init });
        return replies.shift() ?? new Response("no more", { status: 500 });
      },
      sleep: async () => {},
      random: () => 0,
    },
  });
  return { nexus, sent };
}

const REPORT = { imported: 1, unchanged: 0, failed: [], total: 1 };
const busy = () => Response.json({ code: "store.unavailable", detail: "away", errors: [] }, { status: 503 });

describe("export", () => {
  it("gives the body as it comes, before it has ended", async () => {
    let ended = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (ended) controller.close();
        else controller.enqueue(new TextEncoder().encode("one\n"));
      },
    });
    const { nexus } = clientOf([new Response(body)]);
    const reader = (await nexus.export()).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("one\n");
    ended = true;
    await reader.cancel();
  });

  it("whose connection breaks says so, with the reason", async () => {
    let sent = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent) controller.error(new TypeError("terminated"));
        else controller.enqueue(new TextEncoder().encode("one\n"));
        sent = true;
      },
    });
    const { nexus } = clientOf([new Response(body)]);
    const whole = new Response(await nexus.export()).text();
    await expect(whole).rejects.toMatchObject({
      code: "client.unreachable",
      detail: "http://nexus.test broke its answer off (terminated); try again",
    });
  });

  it("that its reader cancels is asked for no further", async () => {
    let reason: unknown;
    const body = new ReadableStream<Uint8Array>({
      cancel(why) {
        reason = why;
      },
    });
    const { nexus } = clientOf([new Response(body)]);
    await (await nexus.export()).cancel("enough");
    expect(reason).toBe("enough");
  });

  it("that the server refuses throws its problem", async () => {
    const { nexus } = clientOf([Response.json({ code: "auth.scope", detail: "no" }, { status: 403 })]);
    await expect(nexus.export()).rejects.toMatchObject({ code: "auth.scope", status: 403 });
  });
});

describe("import", () => {
  it("sends a text as it is, with the scope in the query, and again when the server was busy", async () => {
    const { nexus, sent } = clientOf([busy(), Response.json(REPORT)]);
    expect(await nexus.import("a\nb\n", { scope: { userId: "u 1", agentId: null } })).toEqual(REPORT);
    expect(sent).toHaveLength(2);
    expect(sent[1]?.url).toBe("http://nexus.test/api/import?userId=u+1");
    expect(sent[1]?.init).toMatchObject({ method: "POST", body: "a\nb\n" });
    expect(sent[1]?.init.headers).toMatchObject({ "content-type": "application/x-ndjson" });
    expect(sent[1]?.init.duplex).toBeUndefined();
  });

  it("sends a stream once", async () => {
    const { nexus, sent } = clientOf([busy(), Response.json(REPORT)]);
    const error = await nexus.import(new Blob(["a\n"]).stream()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NexusClientError);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.init.duplex).toBe("half");
  });
});
