'use client';

import type { Client, TargetInput } from '@hive/contract';
import { useEffect, useId, useState } from 'react';
import { parse, stringify } from 'yaml';
import { useFeed } from '../../live/feed-provider';
import { problemsOf } from '../../live/problems';
import { Label } from '../../ui/field';

/** What is typed is read when nothing was typed for this long. */
const SETTLED_MS = 200;

interface YamlFieldProps {
  value: TargetInput;
  onChange: (input: TargetInput) => void;
  /** Whether the text says what `value` is: not while it is typed or cannot be read. */
  onRead: (isRead: boolean) => void;
}

/** The whole description as YAML, read by the API; what cannot be read is said, and changes nothing. */
export function YamlField({ value, onChange, onRead }: YamlFieldProps) {
  const { client } = useFeed();
  const ids = { text: useId(), problem: useId() };
  const [text, setText] = useState(() => stringify(value));
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (typed === null) return;
    let isNewest = true;
    const take = async (): Promise<void> => {
      const read = await readYaml(client, typed);
      if (!isNewest) return;
      setProblem('problem' in read ? read.problem : null);
      if ('problem' in read) return;
      onChange(read.input);
      onRead(true);
    };
    const timer = setTimeout(() => void take(), SETTLED_MS);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [client, typed, onChange, onRead]);
  return (
    <div>
      <Label htmlFor={ids.text}>The description, as hive.yaml has it</Label>
      <textarea
        id={ids.text}
        rows={Math.min(32, Math.max(14, text.split('\n').length + 1))}
        spellCheck={false}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setTyped(target.value);
          onRead(false);
        }}
        aria-invalid={problem !== null}
        aria-describedby={ids.problem}
        className="w-full rounded-lg border border-line-strong/60 bg-surface px-3 py-2 font-mono text-xs leading-relaxed"
      />
      <output id={ids.problem} className="block min-h-5 text-sm text-bad">
        {problem}
      </output>
    </div>
  );
}

async function readYaml(client: Client, text: string): Promise<{ input: TargetInput } | { problem: string }> {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    return { problem: (error as Error).message.split('\n')[0] ?? 'this is not YAML' };
  }
  try {
    await client.call('readTarget', { body: value as TargetInput });
    return { input: value as TargetInput };
  } catch (error) {
    return { problem: problemsOf(error, []).whole ?? 'This is not as it should be.' };
  }
}
