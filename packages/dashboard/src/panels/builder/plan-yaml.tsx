'use client';

import type { CreateScenario } from '@hive/contract';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { stringify } from 'yaml';
import { Button } from '../../ui/button';

/** The run as a `scenario.yaml` has it: what `POST /api/scenarios` takes. */
export function PlanYaml({ body }: { body: CreateScenario }) {
  const [copied, setCopied] = useState<string | null>(null);
  const text = stringify(body);
  return (
    <div className="relative">
      <code
        aria-label="The run as YAML"
        className="block rounded-lg border border-line bg-sunken px-3 py-2 font-mono text-xs leading-relaxed break-words whitespace-pre-wrap"
      >
        {text}
      </code>
      <p className="mt-1 text-xs text-pretty text-ink-soft">
        In a terminal: <code className="font-mono">hive run scenario.yaml</code>, with this as the file.
      </p>
      <Button
        look="quiet"
        icon={copied === text ? Check : Copy}
        className="absolute top-0.5 right-0.5"
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(text))}
      >
        {copied === text ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}
