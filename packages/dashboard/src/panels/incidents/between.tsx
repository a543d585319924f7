import type { IncidentDetail } from '@hive/contract';
import Link from 'next/link';
import { Card } from '../../ui/card';
import { Moment } from '../../ui/moment';

const LINK = 'rounded font-medium underline-offset-4 hover:underline';

/** What was done to the target from an hour before it began: marks and sessions, oldest first. */
export function Between({ detail: { marks, sessions } }: { detail: IncidentDetail }) {
  const happened = [
    ...marks.map(({ id, at, text, url }) => ({
      id,
      at,
      what: url === null ? text : <MarkLink url={url} text={text} />,
    })),
    ...sessions.map(({ id, startedAt, mode, status }) => ({
      id,
      at: startedAt,
      what: (
        <Link href={`/sessions/${encodeURIComponent(id)}`} prefetch={false} className={LINK}>
          Hive measured it ({mode}, {status})
        </Link>
      ),
    })),
  ].toSorted((one, other) => one.at.localeCompare(other.at));
  return (
    <Card label="What happened around it" title="Releases and sessions around it">
      {happened.length === 0 ? (
        <p className="text-sm text-ink-soft">Nobody marked a release, and Hive measured nothing of it.</p>
      ) : (
        <ul className="grid gap-1.5 text-sm">
          {happened.map(({ id, at, what }) => (
            <li key={id} className="flex gap-3">
              <span className="shrink-0 text-ink-soft">
                <Moment at={at} />
              </span>
              <span className="min-w-0 text-pretty [overflow-wrap:anywhere]">{what}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function MarkLink({ url, text }: { url: string; text: string }) {
  return (
    <a href={url} rel="noreferrer" target="_blank" className={`${LINK} underline`}>
      {text}
    </a>
  );
}
