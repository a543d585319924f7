import { createHmac } from 'node:crypto';
import type { Channeling, ChannelSettings } from '../channel-type.js';

/** JSON, signed: who knows the secret can tell that it comes from this Hive, and when. */
export const webhook: Channeling<ChannelSettings['webhook']> = {
  async send({ url, secret }, { delivery, event, at, title, link, incident, together }, { post, now }) {
    const body = JSON.stringify({ version: 1, delivery, event, at, title, link, incident, together });
    const timestamp = String(Math.floor(now() / 1_000));
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    return post({
      url,
      body,
      headers: {
        'x-hive-timestamp': timestamp,
        'x-hive-delivery': delivery,
        'x-hive-signature': `v1=${signature}`,
      },
    });
  },
};
