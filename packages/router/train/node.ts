/** The trainer's way into what needs Node. */

export { runTraining } from "./command.node.ts";
