/** By then the browser has taken over what it saves. */
const RELEASE_MS = 60_000;

/** Saves a file on the reader's machine. Not by a link to the API: a link cannot carry the token. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), RELEASE_MS);
}
