'use client';

import { AUDIT_OUTCOMES, type AuditEntry, type RouteOutput } from '@hive/contract';
import Link from 'next/link';
import { useFeed } from '../../live/feed-provider';
import { Badge, type Tone } from '../../ui/badge';
import { Card, Nothing } from '../../ui/card';
import { Input, Label, Select } from '../../ui/field';
import { FilterDays, FilterForm } from '../../ui/filter-form';
import { Moment } from '../../ui/moment';
import { SaveFile } from '../save-file';
import { auditAddress, type AuditFilter } from './audit-filter';
import { SettingsParts } from './settings-parts';

const LINK = 'rounded font-medium text-honey-ink underline underline-offset-4';
const TONES: Record<AuditEntry['outcome'], Tone> = { done: 'plain', refused: 'bad', failed: 'honey' };

export interface AuditPageProps {
  list: RouteOutput<'listAudit'> | null;
  filter: AuditFilter;
  /** Where the page before ended; null: this is the first. */
  after: string | null;
  /** Why the API shows nothing. */
  refused: string | null;
}

/** Who did what, on what, from where, when, and how it ended. */
export function AuditPage({ list, filter, after, refused }: AuditPageProps) {
  const { client } = useFeed();
  return (
    <div className="mx-auto grid max-w-5xl gap-4">
      <SettingsParts title="Audit">
        <SaveFile
          text="CSV"
          name="hive-audit.csv"
          load={() => client.download('listAudit', { query: { ...filter, format: 'csv' } })}
        />
      </SettingsParts>
      <p className="text-pretty">Every start, change, sign-in and refusal, newest first. Nothing is ever removed.</p>
      <Filters key={auditAddress({ ...filter })} filter={filter} />
      <Card label="Entries">
        {list === null || list.entries.length === 0 ? (
          <Nothing>{refused ?? 'Nothing fits these filters.'}</Nothing>
        ) : (
          <ul className="-my-1 divide-y divide-line text-sm">
            {list.entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ul>
        )}
      </Card>
      <nav aria-label="Pages of the audit" className="flex flex-wrap gap-x-6 gap-y-2 text-sm empty:hidden">
        {after === null ? null : (
          <Link href={auditAddress({ ...filter })} className={LINK}>
            Newest
          </Link>
        )}
        {list?.next ? (
          <Link href={auditAddress({ ...filter, after: list.next })} prefetch={false} className={LINK}>
            Older
          </Link>
        ) : null}
      </nav>
    </div>
  );
}

function Entry({ entry: { at, name, action, on, from, outcome, reason } }: { entry: AuditEntry }) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-0.5 py-2 sm:grid-cols-[8rem_minmax(0,1fr)_minmax(0,2fr)_5rem]">
      <span className="text-ink-soft">
        <Moment at={at} withDate />
      </span>
      <span className="sm:order-last sm:text-right">
        <Badge tone={TONES[outcome]}>{outcome}</Badge>
      </span>
      <span
        className="col-span-2 min-w-0 truncate font-medium sm:col-span-1"
        title={from === null ? 'Hive itself' : `from ${from}`}
      >
        {name}
        {from === null ? null : <span className="ml-2 text-xs font-normal text-ink-soft">{from}</span>}
      </span>
      <span className="col-span-2 min-w-0 [overflow-wrap:anywhere] sm:col-span-1">
        <code className="font-mono text-xs">{action}</code>
        {on === null ? '' : ` ${on}`}
        {reason === null ? null : <span className="block text-xs text-pretty text-ink-soft">{reason}</span>}
      </span>
    </li>
  );
}

/** A choice is applied at once, a text with Enter; the address holds them all. */
function Filters({ filter }: { filter: AuditFilter }) {
  return (
    <FilterForm action="/settings/audit" label="Filter the audit" columns="grid-cols-2 sm:grid-cols-3 lg:grid-cols-6">
      <div className="min-w-0">
        <Label htmlFor="audit-who">Who (id)</Label>
        <Input id="audit-who" name="who" defaultValue={filter.who} />
      </div>
      <div className="min-w-0">
        <Label htmlFor="audit-action">Action</Label>
        <Input id="audit-action" name="action" placeholder="startTraining" defaultValue={filter.action} />
      </div>
      <div className="min-w-0">
        <Label htmlFor="audit-outcome">Outcome</Label>
        <Select id="audit-outcome" name="outcome" defaultValue={filter.outcome ?? ''}>
          <option value="">all</option>
          {AUDIT_OUTCOMES.map((outcome) => (
            <option key={outcome}>{outcome}</option>
          ))}
        </Select>
      </div>
      <FilterDays of="audit" from={filter.from} to={filter.to} />
    </FilterForm>
  );
}
