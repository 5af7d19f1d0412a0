/** Contenders' processes, and what they are asked. */

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Spec } from "../../datasets/dataset.ts";
import type { Answers, Built, Reply, Request } from "./child.ts";
import type { Contender } from "./contender.ts";

export interface Competitor {
  readonly contender: Contender;
  readonly built: Built;
  set(way: number, setting: number): Promise<void>;
  answer(way: number, block: { from: number; count: number; k: number }): Promise<Answers>;
  end(): void;
}

/** Builds the contender's index in a process of its own. rejects  when it is not installed or its process ends */
export async function competitor(contender: Contender, spec: Spec): Promise<Competitor> {
  const child = fork(new URL("child.ts", import.meta.url), {
    execArgv: ["--expose-gc"],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const end = (): void => void (child.connected && child.disconnect());
  try {
    const built = (await asked(child, { do: "build", contender: contender.name, spec })) as Built;
    return {
      contender,
      built,
      set: async (way, setting) => void (await asked(child, { do: "set", way, setting })),
      answer: async (way, block) => (await asked(child, { do: "answer", way, ...block })) as Answers,
      end,
    };
  } catch (error) {
    end();
    throw error;
  }
}

async function asked(child: ChildProcess, request: Request): Promise<unknown> {
  const waiting = new AbortController();
  const { signal } = waiting;
  child.send(request);
  try {
    const reply = await Promise.race([
      once(child, "message", { signal }).then(([message]) => message as Reply),
      once(child, "exit", { signal }).then(([code, by]): Reply => ({ error: `its process ended with ${code ?? by}` })),
    ]);
    if ("error" in reply) throw new Error(reply.error);
    return reply.value;
  } finally {
    waiting.abort();
  }
}
