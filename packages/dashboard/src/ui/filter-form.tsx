'use client';

import Form from 'next/form';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button } from './button';
import { Input, Label } from './field';

interface Props {
  /** The page that shows what is chosen; without a query it shows all. */
  action: string;
  label: string;
  /** Classes of its columns. */
  columns: string;
  children: ReactNode;
}

/** Filters that the address holds. A choice is applied at once, a text with Enter. */
export function FilterForm({ action, label, columns, children }: Props) {
  return (
    <Form
      action={action}
      aria-label={label}
      onChange={(event) => {
        if (event.target instanceof HTMLSelectElement) event.currentTarget.requestSubmit();
      }}
      className={`grid items-end gap-3 ${columns}`}
    >
      {children}
      <div className="flex items-center gap-4">
        <Button type="submit">Filter</Button>
        <Link href={action} className="rounded text-sm text-ink-soft underline underline-offset-4">
          Clear
        </Link>
      </div>
    </Form>
  );
}

interface DaysProps {
  /** What their ids begin with. */
  of: string;
  fromLabel?: string;
  /** Instants; of each, its day is shown. */
  from: string | undefined;
  to: string | undefined;
}

/** The first and the last day of what is shown. */
export function FilterDays({ of, fromLabel = 'From (UTC)', from, to }: DaysProps) {
  return (
    <>
      <div className="min-w-0">
        <Label htmlFor={`${of}-from`}>{fromLabel}</Label>
        <Input id={`${of}-from`} type="date" name="from" defaultValue={from?.slice(0, 10)} />
      </div>
      <div className="min-w-0">
        <Label htmlFor={`${of}-to`}>To (UTC)</Label>
        <Input id={`${of}-to`} type="date" name="to" defaultValue={to?.slice(0, 10)} />
      </div>
    </>
  );
}
