/** Where and when numbers were made. */

import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";

export interface Origin {
  readonly machine: string;
  readonly runtime: string;
  readonly date: string;
  readonly commit: string;
}

export function origin(): Origin {
  const processors = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return {
    machine: `${processors.length} × ${processors[0]?.model.trim() ?? "unknown"}, ${memory}, ${process.platform}-${process.arch}`,
    runtime: `Node ${process.version}`,
    date: new Date().toISOString(),
    commit: commit(),
  };
}

/** With `-dirty` when the working tree differs; empty outside a repository. */
function commit(): string {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}
