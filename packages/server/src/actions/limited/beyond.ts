import { HiveError } from '@hive/contract';

/** Whoever is limited to some targets changes nothing of others. */
export function beyond(): HiveError {
  return new HiveError('forbidden', 'this is beyond the targets that your role is limited to', {
    hint: 'name one of your targets, or ask an administrator of this Hive',
  });
}
