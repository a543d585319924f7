import { EVENT_LABELS, type Delivery, type IncidentDetail } from '@hive/contract';
import { useApi } from '../../live/use-api';
import { Badge, type Tone } from '../../ui/badge';
import { Card } from '../../ui/card';
import { plural } from '../../ui/format';
import { Moment } from '../../ui/moment';

const TONES: Readonly<Record<Delivery['status'], Tone>> = {
  sent: 'good',
  waiting: 'honey',
  failed: 'bad',
  skipped: 'plain',
};

/** Which channels heard of it, and which messages did not arrive. */
export function MessagesSent({ deliveries }: { deliveries: IncidentDetail['deliveries'] }) {
  const { data } = useApi('listChannels', {});
  if (deliveries.length === 0) return null;
  const names = new Map(data?.channels.map(({ id, name }) => [id, name]));
  return (
    <Card label="Messages">
      <p className="text-sm text-pretty">{sayMessages(deliveries)}</p>
      <ul className="mt-2 divide-y divide-line text-sm">
        {deliveries.map(({ id, channel, event, status, tries, createdAt, nextAt, reason }) => (
          <li key={id} className="py-1.5">
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Moment at={createdAt} />
              <span className="min-w-0 flex-1 truncate">
                <span className="font-medium">{names.get(channel) ?? channel}</span>
                <span className="text-ink-soft"> · {EVENT_LABELS[event]}</span>
              </span>
              <Badge tone={TONES[status]}>{status}</Badge>
            </span>
            {reason === null ? null : (
              <span className="block text-xs text-pretty text-ink-soft [overflow-wrap:anywhere]">
                {reason}
                {tries > 1 ? `, after ${tries} tries` : ''}
                {nextAt === null ? null : (
                  <>
                    , again at <Moment at={nextAt} />
                  </>
                )}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function sayMessages(deliveries: readonly Delivery[]): string {
  const of = (wanted: Delivery['status']): number => deliveries.filter(({ status }) => status === wanted).length;
  const [failed, waiting] = [of('failed'), of('waiting')];
  const sent = `${plural(of('sent'), 'message')} ${of('sent') === 1 ? 'was' : 'were'} sent`;
  if (failed > 0) return `${plural(failed, 'message')} did not arrive; ${sent}.`;
  return waiting === 0 ? `${sent}.` : `${sent}, ${waiting} on the way.`;
}
