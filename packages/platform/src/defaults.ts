/** The settings of this package that no caller chooses, each with its reason. */

/** Series that one metric may have. Labels are closed sets, so more of them means a bug, not more insight. */
export const MAX_SERIES_PER_METRIC = 1_000;
