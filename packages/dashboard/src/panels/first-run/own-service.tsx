'use client';

import { HiveError, type CheckedTarget } from '@hive/contract';
import { useId, useState, type FormEvent } from 'react';
import { useFeed } from '../../live/feed-provider';
import { Button } from '../../ui/button';
import { Input, Label } from '../../ui/field';
import { suggestObjectives, withScheme } from './address';
import { CheckResult } from './check-result';
import { Ready } from './ready';

/** A service that answered, saved so that it can be measured. */
interface Saved {
  id: string;
  url: string;
  suggested: string[];
}

/** Asks a service once, proposes objectives from what was seen at rest, and measures it. */
export function OwnService() {
  const feed = useFeed();
  const ids = { address: useId(), problem: useId() };
  const [address, setAddress] = useState('');
  const [checking, setChecking] = useState(false);
  const [seen, setSeen] = useState<CheckedTarget | null>(null);
  const [problem, setProblem] = useState<HiveError | string | null>(null);
  const [saved, setSaved] = useState<Saved | null>(null);
  const [objective, setObjective] = useState('');

  const check = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const url = withScheme(address);
    setChecking(true);
    setProblem(null);
    setSeen(null);
    setSaved(null);
    try {
      const found = await feed.client.call('checkTargetInput', { body: { url } });
      setSeen(found);
      if (!found.ok) return;
      const { targets } = feed.view().state;
      const known = targets.find(
        ({ nodes }) => nodes.length === 1 && nodes[0]?.url.replace(/\/$/, '') === url.replace(/\/$/, ''),
      );
      const { id } = known ?? (await feed.client.call('createTarget', { body: { url } }));
      const suggested = suggestObjectives(Math.max(...found.checks.map(({ ms = 0 }) => ms)));
      setObjective(suggested[0] ?? '');
      setSaved({ id, url, suggested });
      await feed.reload();
    } catch (error) {
      setProblem(error instanceof HiveError ? error : 'The API does not answer. Check that hive up is running.');
    } finally {
      setChecking(false);
    }
  };
  const keepObjective = (): Promise<unknown> =>
    saved === null
      ? Promise.resolve()
      : feed.client.call('replaceTarget', {
          params: { id: saved.id },
          body: { url: saved.url, objectives: [objective, 'rate<0.01'] },
        });

  return (
    <div className="grid gap-3">
      <form
        onSubmit={(event) => void check(event)}
        className="grid gap-3 rounded-xl border border-line bg-surface p-4 sm:px-5"
      >
        <div>
          <Label htmlFor={ids.address}>Address</Label>
          <div className="flex gap-2">
            <Input
              id={ids.address}
              required
              value={address}
              onChange={(event) => setAddress(event.target.value)}
              placeholder="localhost:8080"
              autoComplete="off"
              spellCheck={false}
              aria-describedby={problem === null ? undefined : ids.problem}
            />
            <Button type="submit" busy={checking} disabled={checking || address.trim() === ''}>
              Check
            </Button>
          </div>
        </div>
        <output id={ids.problem} className="grid gap-2 text-sm empty:hidden">
          <CheckResult checked={seen} problem={problem} address={address} />
        </output>
        {saved === null ? null : <Objectives suggested={saved.suggested} chosen={objective} onChoose={setObjective} />}
      </form>
      {saved === null ? null : <Ready target={saved.id} before={keepObjective} />}
    </div>
  );
}

interface ObjectivesProps {
  suggested: readonly string[];
  chosen: string;
  onChoose: (objective: string) => void;
}

function Objectives({ suggested, chosen, onChoose }: ObjectivesProps) {
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="mb-1 text-xs font-medium text-ink-soft">
        It is good while 99 % of requests are answered within
      </legend>
      {suggested.map((objective) => (
        <button
          key={objective}
          type="button"
          aria-pressed={objective === chosen}
          onClick={() => onChoose(objective)}
          className={`h-8 rounded-full border px-3 text-sm ${objective === chosen ? 'border-honey bg-honey-wash font-medium text-honey-ink' : 'border-line hover:bg-sunken'}`}
        >
          {objective.replace('p(99)<', '')} ms
        </button>
      ))}
      <span className="text-sm text-ink-soft">and fewer than 1 % are errors</span>
    </fieldset>
  );
}
