/** What travels over HTTP: schemas of requests and answers, their translation to and from core, and the OpenAPI document. */

export { parsePatch, type PatchInput } from "./change.ts";
export { type ForgetManyInput, parseForgetMany } from "./forget-many.ts";
export { type DependencyHealth, readyToWire } from "./health.ts";
export { openApiDocument, type OpenApiDocument } from "./openapi.ts";
export { jobsToWire, jobToWire, parseJobsQuery } from "./job.ts";
export { pageToWire, parseListBody, parseListQuery } from "./listing.ts";
export { historyToWire, memoryToWire } from "./memory.ts";
export { problemToWire } from "./problem.ts";
export { parseProcess, processToWire } from "./process.ts";
export { parseSearch, type RecallDefaults } from "./recall-request.ts";
export { recallToJson } from "./recall-response.ts";
export { parseRemember, toNewMemories } from "./remember.ts";
export { rememberedToWire } from "./remembered.ts";
