/** Which process a lock belongs to: pids are used again, so the start time and the machine's boot count too. */

import { readFile } from "node:fs/promises";

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between boot and the process's start; undefined without /proc. */
  readonly startTicks?: string | undefined;
  /** Undefined without /proc. */
  readonly bootId?: string | undefined;
}

export async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { pid, startTicks: await startTicks(pid), bootId: await bootId() };
}

/** Whether the very process that `identity` describes is running now. Without /proc only the pid can tell. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  const boot = await bootId();
  if (identity.bootId !== undefined && boot !== undefined && identity.bootId !== boot) return false;
  if (!answers(identity.pid)) return false;
  const started = await startTicks(identity.pid);
  return identity.startTicks === undefined || started === undefined || identity.startTicks === started;
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process may not be signalled, but it is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Field 22 of /proc/<pid>/stat; field 2, the command, may hold spaces and parentheses, so counting begins behind its last one. */
async function startTicks(pid: number): Promise<string | undefined> {
  const stat = await readText(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

async function bootId(): Promise<string | undefined> {
  return (await readText("/proc/sys/kernel/random/boot_id"))?.trim();
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}
