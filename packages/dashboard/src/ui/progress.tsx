import { Progress as Parts } from 'radix-ui';

/** How far something is, as a bar. */
export function Progress({ label, share }: { label: string; share: number }) {
  return (
    <Parts.Root
      aria-label={label}
      value={Math.round(share * 100)}
      className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken"
    >
      <Parts.Indicator
        className="h-full rounded-full bg-honey transition-[width] duration-300 ease-linear"
        style={{ width: `${share * 100}%` }}
      />
    </Parts.Root>
  );
}
