import { documentIdOf, FILES, HiveError, isOfFiles, type DocumentKind, type OfFiles } from '@hive/contract';
import type { Principal } from '../../identity/principal.js';

/** What files describe is changed there alone. @throws HiveError `conflict` saying who owns it, and where it is changed. */
export function spareFiles({ applies }: Principal, kind: DocumentKind, thing: OfFiles): void {
  if (applies === true || !isOfFiles(kind, thing)) return;
  const id = documentIdOf(kind, thing.id);
  throw new HiveError('conflict', `the ${kind} '${id}' is described in a file: only hive apply changes it`, {
    hint: `change the file with "kind: ${kind}" and "id: ${id}", and run hive apply; if the file is lost, hive export writes one`,
    details: { managedBy: FILES, kind, id },
  });
}
