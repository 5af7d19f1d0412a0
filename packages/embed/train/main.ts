/** `npm run train -- e0`: trains the built-in embedding model. */

import { runTraining } from "./node.ts";

// What is thrown ends the process with 1 and says why.
await runTraining();
