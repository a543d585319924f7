/** The rows of a CSV text (RFC 4180); empty lines are left out. */
export function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endRow = (): void => {
    row.push(cell);
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
    cell = '';
  };
  const bare = text.replace(/^\uFEFF/, '');
  for (let at = 0; at < bare.length; at++) {
    const character = bare[at] as string;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (bare[at + 1] === '"') cell += bare[++at];
      else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === ',') {
      row.push(cell);
      cell = '';
    } else if (character === '\n') endRow();
    else if (character !== '\r') cell += character;
  }
  endRow();
  return rows;
}
