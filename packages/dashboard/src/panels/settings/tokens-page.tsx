'use client';

import type { ApiToken, RouteOutput } from '@hive/contract';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useMe } from '../../live/me';
import { useApi } from '../../live/use-api';
import { useChange } from '../../live/use-change';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Card, Nothing } from '../../ui/card';
import { plural } from '../../ui/format';
import { Moment } from '../../ui/moment';
import { sayLabels } from '../labels-text';
import { SettingsParts } from './settings-parts';
import { TokenDialog } from './token-dialog';

/** What programs sign in with. */
export function TokensPage({ loaded }: { loaded: RouteOutput<'listTokens'> }) {
  const { email } = useMe();
  const { data = loaded } = useApi('listTokens', {}, { loaded });
  const [making, setMaking] = useState(false);
  const { tokens } = data;
  const expired = tokens.filter((token) => token.expired).length;
  return (
    <div className="mx-auto grid max-w-4xl gap-4">
      <SettingsParts title="Tokens">
        <Button look="primary" icon={Plus} onClick={() => setMaking(true)}>
          Make a token
        </Button>
      </SettingsParts>
      <p className="text-pretty">
        A token is for one program, and may do at most what you may.
        {expired === 0 ? '' : ` ${plural(expired, 'token')} expired.`}
      </p>
      <Card label="Tokens" title={plural(tokens.length, 'token')}>
        {tokens.length === 0 ? (
          <Nothing>There is no token.</Nothing>
        ) : (
          <ul className="-my-1 divide-y divide-line text-sm">
            {tokens.map((token) => (
              <Row key={token.id} token={token} isMine={token.maker === email} />
            ))}
          </ul>
        )}
      </Card>
      {making ? <TokenDialog onClose={() => setMaking(false)} /> : null}
    </div>
  );
}

function Row({ token, isMine }: { token: ApiToken; isMine: boolean }) {
  const { id, name, role, targets, maker, createdAt, expiresAt, expired, lastSeenAt } = token;
  const [asking, setAsking] = useState(false);
  const { busy, run } = useChange({ renews: ['listTokens'] });
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 truncate font-semibold">{name}</span>
          <Badge>{role}</Badge>
          {expired ? <Badge tone="bad">expired</Badge> : null}
        </p>
        <p className="text-pretty text-ink-soft">
          {targets === null ? '' : `only ${sayLabels(targets)} · `}
          {isMine ? '' : `of ${maker ?? 'whoever runs this Hive'} · `}
          made <Moment at={createdAt} withDate /> ·{' '}
          {lastSeenAt === null ? (
            'never used'
          ) : (
            <>
              last used <Moment at={lastSeenAt} withDate />
            </>
          )}
          {expiresAt === null || expired ? null : (
            <>
              {' · until '}
              <Moment at={expiresAt} withDate />
            </>
          )}
          {expiresAt === null ? ' · never expires' : ''}
        </p>
      </div>
      {asking ? (
        <span className="flex flex-wrap gap-2">
          <Button
            look="danger"
            busy={busy}
            onClick={() => void run((client) => client.call('revokeToken', { params: { id } }))}
          >
            Revoke {name}
          </Button>
          <Button onClick={() => setAsking(false)}>Keep</Button>
        </span>
      ) : (
        <Button look="danger" aria-label={`Revoke ${name}`} onClick={() => setAsking(true)}>
          Revoke
        </Button>
      )}
    </li>
  );
}
