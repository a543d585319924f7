/** The hexagon of Hive, with a pulse in it. */
export function HiveMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <path fill="var(--honey)" d="M16 1.5 28.6 8.75v14.5L16 30.5 3.4 23.25V8.75z" />
      <path
        fill="none"
        stroke="#1b1917"
        strokeWidth="2.4"
        strokeLinecap="round"
        strokeLinejoin="round"
        d="M8.5 18.5h3.6l2.6-7 3.4 10 2.4-5.4h3"
      />
    </svg>
  );
}
