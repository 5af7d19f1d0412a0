/** The trainers' way into what needs Node. */

export { runTraining } from "./targets.node.ts";
