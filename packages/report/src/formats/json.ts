import type { Render } from './format.js';

/** The report itself, as `hive report FILE.json` reads it again. */
export const render: Render = (report) => [JSON.stringify(report, null, 1), '\n'];
