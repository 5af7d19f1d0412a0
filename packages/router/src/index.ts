/** Query analysis and the choice of path, by simple stated rules. */

export { analyse, type QueryAnalysis } from "./analyse.ts";
export { type Mode, type Path, route, type Route } from "./path.ts";
export { isStatement } from "./statement.ts";
