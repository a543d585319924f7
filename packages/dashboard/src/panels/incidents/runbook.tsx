import { Card } from '../../ui/card';

const ADDRESS = /(https?:\/\/[^\s<>"')]+)/;

/** What its people wrote down for such a night, as they wrote it; addresses are links. */
export function Runbook({ text }: { text: string }) {
  // Where it is parted at addresses, every second part is one.
  const parts = text.split(ADDRESS);
  return (
    <Card label="Runbook">
      <p className="text-sm whitespace-pre-wrap [overflow-wrap:anywhere]">
        {parts.map((part, index) =>
          index % 2 === 0 ? (
            part
          ) : (
            <a
              key={`${index} ${part}`}
              href={part}
              rel="noreferrer"
              target="_blank"
              className="rounded font-medium text-honey-ink underline underline-offset-4"
            >
              {part}
            </a>
          ),
        )}
      </p>
    </Card>
  );
}
