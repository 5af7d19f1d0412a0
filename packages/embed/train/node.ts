/** The trainer's way into what needs Node. */

import { runTraining as runE0 } from "./e0/command.node.ts";
import { runFusemoe } from "./fusemoe/command.node.ts";

/** Runs the target that the arguments name; 2 is the exit code of wrong ones. */
export function runTraining(args: readonly string[]): Promise<number> {
  return args[0] === "fusemoe" ? runFusemoe(args.slice(1)) : runE0(args);
}
