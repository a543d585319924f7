'use client';

import {
  DIFFICULTIES,
  KIND_LABELS,
  KINDS,
  VALIDITY_WORDS,
  VERDICT_WORDS,
  type RouteOutput,
  type ScenariosFilter,
} from '@hive/contract';
import { Input, Label, Select } from '../../ui/field';
import { FilterDays, FilterForm } from '../../ui/filter-form';
import { count } from '../../ui/format';

interface Props {
  filter: ScenariosFilter;
  targets: readonly string[];
  counts: RouteOutput<'countScenarios'> | null;
}

/** The filters of the list. A choice is applied at once, a text with Enter; the address holds them all. */
export function RunsFilters({ filter, targets, counts }: Props) {
  const known = filter.target === undefined || targets.includes(filter.target) ? targets : [filter.target, ...targets];
  const kinds = KINDS.map((kind): Choice => [kind, KIND_LABELS[kind].label, counts?.byKind[kind]]);
  const verdicts = entries(VERDICT_WORDS).map(([key, text]): Choice => [key, text, counts?.byVerdict[key]]);
  const validities = entries(VALIDITY_WORDS).map(([key, text]): Choice => [key, text, counts?.byValidity[key]]);
  return (
    <FilterForm action="/runs" label="Filter runs" columns="grid-cols-2 sm:grid-cols-3 lg:grid-cols-4 2xl:grid-cols-9">
      <div className="col-span-2 sm:col-span-3 lg:col-span-1 2xl:col-span-2">
        <Label htmlFor="runs-text">Text in description, reason or id</Label>
        <Input id="runs-text" type="search" name="text" defaultValue={filter.text} data-search />
      </div>
      <Choose name="target" label="Target" value={filter.target} choices={known.map((id): Choice => [id, id])} />
      <Choose name="kind" label="Kind" value={filter.kind} choices={kinds} />
      <Choose
        name="difficulty"
        label="Difficulty"
        value={filter.difficulty}
        choices={DIFFICULTIES.map((one): Choice => [one, one])}
      />
      <Choose name="verdict" label="Verdict" value={filter.verdict} choices={verdicts} />
      <Choose name="validity" label="Trust" value={filter.validity} choices={validities} />
      <FilterDays of="runs" from={filter.from} to={filter.to} />
      {filter.session === undefined ? null : <input type="hidden" name="session" value={filter.session} />}
    </FilterForm>
  );
}

/** The value, its text, and how many of the runs that fit have it. */
type Choice = readonly [key: string, text: string, number?: number | undefined];

function Choose(props: { name: string; label: string; value: string | undefined; choices: readonly Choice[] }) {
  const { name, label, value, choices } = props;
  const id = `runs-${name}`;
  return (
    <div className="min-w-0">
      <Label htmlFor={id}>{label}</Label>
      <Select id={id} name={name} defaultValue={value ?? ''}>
        <option value="">all</option>
        {choices.map(([key, text, number]) => (
          <option key={key} value={key}>
            {number === undefined ? text : `${text} (${count(number)})`}
          </option>
        ))}
      </Select>
    </div>
  );
}

function entries<Key extends string>(words: Readonly<Record<Key, string>>): [Key, string][] {
  return Object.entries(words) as [Key, string][];
}
