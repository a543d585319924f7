import { stringify } from 'yaml';

/** A document as YAML, as `readDocumentFile` reads it. */
export function writeDocument(document: object): string {
  return stringify(document, { lineWidth: 0 });
}
