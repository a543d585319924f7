'use client';

import { HiveError, isOfFiles, type CheckedTarget, type Target, type TargetInput } from '@hive/contract';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useState } from 'react';
import { useFeed } from '../../live/feed-provider';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { toast } from '../../live/toast';
import { CheckResult } from '../first-run/check-result';
import { DeleteTarget } from './delete-target';
import { describe } from './describe';
import { ImportFile } from './import-file';
import { TargetForm } from './target-form';

const YamlField = dynamic(() => import('./yaml-field').then((module) => module.YamlField), { ssr: false });
const VIEWS = ['form', 'yaml'] as const;

/** Changes a target: as a form or as YAML, checked before anything is measured. */
export function TargetEditor({ target }: { target: Target }) {
  const feed = useFeed();
  const router = useRouter();
  const [view, setView] = useQueryState('as', parseAsStringLiteral(VIEWS).withDefault('form'));
  const [input, setInput] = useState<TargetInput>(() => describe(target));
  const [isRead, setRead] = useState(true);
  const [doing, setDoing] = useState<'checking' | 'saving' | null>(null);
  const [seen, setSeen] = useState<CheckedTarget | null>(null);
  const [problem, setProblem] = useState<HiveError | string | null>(null);
  const { id } = target;
  const isFixed = isOfFiles('target', target);
  const page = `/targets/${encodeURIComponent(id)}`;

  const perform = async (what: 'checking' | 'saving', act: () => Promise<void>): Promise<void> => {
    setDoing(what);
    setProblem(null);
    setSeen(null);
    try {
      await act();
    } catch (error) {
      setProblem(error instanceof HiveError ? error : 'The API does not answer. Check that hive up is running.');
    } finally {
      setDoing(null);
    }
  };
  const check = (): Promise<void> =>
    perform('checking', async () => setSeen(await feed.client.call('checkTargetInput', { body: input })));
  const save = (): Promise<void> =>
    perform('saving', async () => {
      const { warnings } = await feed.client.call('replaceTarget', { params: { id }, body: input });
      await feed.reload();
      for (const warning of warnings) toast.warning(warning);
      toast.success(`${id} is saved`);
      router.push(page);
    });

  return (
    <div className="mx-auto grid max-w-5xl gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="min-w-0 truncate text-lg font-semibold tracking-tight">Edit {id}</h1>
        <div className="flex gap-2">
          {isFixed ? null : <ImportFile onImport={(imported) => setInput((before) => ({ ...before, ...imported }))} />}
          <Button disabled={!isRead} onClick={() => void setView(view === 'form' ? 'yaml' : 'form')}>
            {view === 'form' ? 'As YAML' : 'As a form'}
          </Button>
        </div>
      </div>
      {isFixed ? (
        <p className="rounded-lg bg-info-wash px-3 py-2 text-sm text-pretty text-info">
          A file describes this target. To change it, change the file with “id: {id}” and run hive apply. If the file is
          lost, hive export writes one.
        </p>
      ) : null}
      <Card label={view === 'form' ? 'Form' : 'YAML'}>
        {view === 'form' ? (
          <fieldset disabled={isFixed} className="min-w-0">
            <TargetForm input={input} onChange={setInput} />
          </fieldset>
        ) : (
          <YamlField value={input} onChange={setInput} onRead={setRead} />
        )}
      </Card>
      <output className="grid gap-2 text-sm empty:hidden">
        <CheckResult checked={seen} problem={problem} address={input.url ?? input.nodes?.[0]?.url ?? ''} />
      </output>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          look="primary"
          busy={doing === 'saving'}
          disabled={doing !== null || !isRead || isFixed}
          onClick={() => void save()}
        >
          Save
        </Button>
        <Button busy={doing === 'checking'} disabled={doing !== null || !isRead} onClick={() => void check()}>
          Check
        </Button>
        <Link
          href={page}
          className="inline-flex h-9 items-center rounded-lg px-3 text-sm text-ink-soft hover:bg-sunken"
        >
          Cancel
        </Link>
        <span className="ml-auto">{isFixed ? null : <DeleteTarget id={id} />}</span>
      </div>
    </div>
  );
}
