/** What travels over HTTP: schemas of requests and answers, their translation to and from core, and the OpenAPI document. */

export { parsePatch, type PatchInput } from "./change.ts";
export { contextToWire, parseContext } from "./context.ts";
export { entitiesToWire, entityViewToWire, parseEntitiesQuery, parseEntityQuery } from "./entities.ts";
export { graphToWire, parseGraphQuery } from "./graph.ts";
export { explanationToWire, namesAnswer, parseExplain } from "./explain.ts";
export { type FeedbackInput, parseFeedback } from "./feedback.ts";
export { exportHeader, exportLine, exportTrailer, parseExport } from "./export.ts";
export { type ForgetManyInput, parseForgetMany } from "./forget-many.ts";
export { keysToWire, keyToWire, newKeyToWire, parseKey, parseKeysQuery } from "./keys.ts";
export { type DependencyHealth, readyToWire } from "./health.ts";
export { openApiDocument, type OpenApiDocument } from "./openapi.ts";
export { checkHeader, type ImportScope, parseImportQuery, parseImportRow, rowsOfLine } from "./import.ts";
export { jobsToWire, jobToWire, parseJobsQuery } from "./job.ts";
export { type InvalidateInput, parseInvalidate, undoneToWire } from "./lifecycle.ts";
export { pageToWire, parseListBody, parseListQuery } from "./listing.ts";
export { historyToWire, memoryToWire } from "./memory.ts";
export { parseNothing } from "./nothing.ts";
export { parsePatternsQuery, patternsToWire } from "./patterns.ts";
export { problemToWire } from "./problem.ts";
export { parseProcess, processToWire } from "./process.ts";
export { parseSearch, type RecallDefaults } from "./recall-request.ts";
export { recallToJson } from "./recall-response.ts";
export { parseTrendsQuery, trendsToWire } from "./trends.ts";
export { parseRemember, toNewMemories } from "./remember.ts";
export { rememberedToWire } from "./remembered.ts";
export { parseToken, tokenToWire } from "./tokens.ts";
export { type EraseJob, parseErase } from "./users.ts";
