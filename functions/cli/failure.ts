/** What a failure says and which exit code it has. */

import { NexusError } from "@nexus/core";
import { NexusClientError } from "@nexus/client";
import { UsageError } from "./command.ts";

export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export interface Failure {
  readonly exitCode: number;
  /** `nexus: <detail> (<code>)`; never a stack. */
  readonly lines: readonly string[];
}

export function failureOf(error: unknown, command: string | undefined): Failure {
  if (error instanceof UsageError) {
    const help = command === undefined ? "nexus --help" : `nexus ${command} --help`;
    return { exitCode: EXIT.usage, lines: [problemLine(error.message, "usage"), `See ${help}`] };
  }
  if (error instanceof NexusClientError) return failed(error.detail, error.code);
  if (error instanceof NexusError) return failed(error.message, error.code);
  return failed(error instanceof Error ? error.message : "something unexpected happened", "internal.unexpected");
}

/** Messages begin with the package that speaks, which means nothing here. */
export function problemLine(detail: string, code: string): string {
  return `nexus: ${withoutOrigin(detail)} (${code})`;
}

export function withoutOrigin(detail: string): string {
  return detail.replace(/^\[nexus[^\]]*\] /, "");
}

function failed(detail: string, code: string): Failure {
  return { exitCode: EXIT.failed, lines: [problemLine(detail, code)] };
}
