/** The way into what needs Node: the trainer of entities. */

export { trainEntities } from "./entities.node.ts";
