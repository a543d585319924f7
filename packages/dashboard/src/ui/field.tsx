import { useId, type ComponentProps, type ReactNode } from 'react';

const LOOK =
  'h-9 w-full min-w-0 rounded-lg border border-line-strong/60 bg-surface px-3 text-sm text-ink placeholder:text-ink-soft disabled:opacity-60 aria-invalid:border-bad';

/** Names a field that has this id. */
export function Label({ htmlFor, children }: { htmlFor: string; children: ReactNode }) {
  return (
    <label htmlFor={htmlFor} className="mb-1 block text-xs font-medium text-ink-soft">
      {children}
    </label>
  );
}

/** What a field gets from {@link Field}. */
interface FieldProps {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: true;
}

/** A named field, with a line on how to fill it in and, in its place, what is wrong with it. */
export function Field(props: {
  label: string;
  hint?: string | undefined;
  problem?: string | undefined;
  children: (field: FieldProps) => ReactNode;
}) {
  const { label, hint, problem, children } = props;
  const id = useId();
  const said = `${id}-said`;
  const text = problem ?? hint;
  return (
    <div className="min-w-0">
      <Label htmlFor={id}>{label}</Label>
      {children({
        id,
        ...(text === undefined ? {} : { 'aria-describedby': said }),
        ...(problem === undefined ? {} : { 'aria-invalid': true }),
      })}
      {text === undefined ? null : (
        <p
          id={said}
          role={problem === undefined ? undefined : 'alert'}
          className={`mt-1 text-xs text-pretty ${problem === undefined ? 'text-ink-soft' : 'text-bad'}`}
        >
          {text}
        </p>
      )}
    </div>
  );
}

/** A field for text. */
export function Input(props: ComponentProps<'input'>) {
  return <input className={LOOK} {...props} />;
}

/** A field for a choice. */
export function Select(props: ComponentProps<'select'>) {
  return <select className={LOOK} {...props} />;
}

/** A box to check, with its text. */
export function Checkbox({ children, ...rest }: ComponentProps<'input'>) {
  return (
    <label className="flex min-h-7 items-center gap-2 text-sm has-disabled:opacity-60">
      <input type="checkbox" className="size-4 shrink-0 accent-honey" {...rest} />
      {children}
    </label>
  );
}
