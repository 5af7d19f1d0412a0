/** `npm run train`: trains what ships with the repository. */

import { runTraining } from "./node.ts";

// What is thrown ends the process with 1 and says why.
await runTraining();
