'use client';

import type { Regions } from '@hive/contract';
import { useLive } from '../live/feed-provider';
import { useApi } from '../live/use-api';
import { Field, Select } from '../ui/field';
import { askedChoice, senderChoices } from './regions-choice';

interface SenderFieldProps {
  /** Regions of the target. */
  own: Regions | undefined;
  /** What is asked for; absent: what the target says. */
  regions: Regions | 'here' | undefined;
  onRegions: (regions: Regions | 'here' | undefined) => void;
}

/** Who sends the load. Nothing is shown where there is nothing to choose. */
export function SenderField({ own, regions, onRegions }: SenderFieldProps) {
  const told = useLive(({ state }) => state.fleet);
  const { data: asked = null } = useApi('fleet', {});
  const choices = senderChoices(told ?? asked, own, regions);
  if (choices.length === 0) return null;
  return (
    <Field label="Send from">
      {(field) => (
        <Select
          {...field}
          value={askedChoice(choices, regions)?.value}
          onChange={(event) => {
            const at = choices.findIndex(({ value }) => value === event.target.value);
            // The first is the default: it need not be asked for.
            onRegions(at === 0 ? undefined : choices[at]?.regions);
          }}
        >
          {choices.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
