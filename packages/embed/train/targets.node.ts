/** What can be trained, by its name on the command line. */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const HELP = `npm run train -- e0          the built-in embedding model, from ../shared/data/train
npm run train -- fusemoe     the fusion of E0 and E1
npm run train -- router      the domain classifier
npm run train -- entities    the tagger of entities
npm run train -- e0 --help   what each takes`;

/** Of another package, with a trainer of its own. */
const ROUTER = fileURLToPath(new URL("../../router/train/main.ts", import.meta.url));

/** Runs the target that the command line names; 2 is the exit code of a wrong one. Only what is trained is loaded. */
export async function runTraining(): Promise<void> {
  const [target, ...rest] = process.argv.slice(2);
  switch (target) {
    case "e0": {
      const { runE0 } = await import("./e0/command.node.ts");
      process.exitCode = await runE0([target, ...rest]);
      return;
    }
    case "fusemoe": {
      const { runFusemoe } = await import("./fusemoe/command.node.ts");
      process.exitCode = await runFusemoe(rest);
      return;
    }
    case "router":
    case "entities":
      process.exitCode = spawnSync(process.execPath, [ROUTER, target, ...rest], { stdio: "inherit" }).status ?? 1;
      return;
    default: {
      const isAsked = target === undefined || target === "--help" || target === "-h";
      console.log(isAsked ? HELP : `there is nothing to train called "${target}"\n\n${HELP}`);
      process.exitCode = isAsked ? 0 : 2;
    }
  }
}
