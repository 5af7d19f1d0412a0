/** `npm run train -- e0` and `-- fusemoe`: train the built-in embedding model and the fusion. */

import { runTraining } from "./node.ts";

// What is thrown ends the process with 1 and says why.
await runTraining();
