/**
 * The rows of a list, newest first, as a page loaded them, brought up to date by what the feed told since. Rows that are newer than all of
 * them come first, where `takesNew` says that they belong to the list.
 */
export function updatedRows<Row extends { id: string }>(
  loaded: readonly Row[],
  told: readonly Row[],
  takesNew: (row: Row) => boolean,
): Row[] {
  const known = new Set(loaded.map(({ id }) => id));
  const newest = told.findIndex(({ id }) => known.has(id));
  const news = (newest < 0 ? told : told.slice(0, newest)).filter(takesNew);
  const byId = new Map(told.map((row) => [row.id, row]));
  return [...news, ...loaded.map((row) => byId.get(row.id) ?? row)];
}
