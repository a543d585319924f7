'use client';

import { BASE_KIND, defaultBudgetSeconds, planWords } from '@hive/contract';
import { Play } from 'lucide-react';
import { useApi } from '../../live/use-api';
import { Button } from '../../ui/button';
import { capitalized } from '../../ui/format';
import { useActions } from '../use-actions';

/** What a measurement of a saved target costs, in a line, and the button that begins it. */
export function Ready({ target, before }: { target: string; before?: () => Promise<unknown> }) {
  const { start, doing } = useActions();
  const budgetSeconds = defaultBudgetSeconds();
  const { data: plan } = useApi('trainingPlan', { query: { target, kinds: BASE_KIND, budgetSeconds } });
  const words = plan === undefined ? '' : planWords(plan).map(sentence).join(' ');
  const begin = async (): Promise<void> => {
    await before?.();
    start({ target, kinds: [BASE_KIND], budgetSeconds });
  };
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-3 rounded-xl border border-line bg-surface p-4 sm:px-5">
      <p className="min-h-10 min-w-0 flex-1 basis-72 text-sm text-pretty text-ink-soft">{words}</p>
      <Button
        look="primary"
        icon={Play}
        busy={doing === 'starting'}
        disabled={doing !== null}
        onClick={() => void begin()}
      >
        Find its limit
      </Button>
    </div>
  );
}

function sentence(words: string): string {
  return `${capitalized(words)}.`;
}
