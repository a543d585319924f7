import type { ChannelType } from '@hive/contract';
import type { Channeling, ChannelSettings } from './channel-type.js';
import { apprise } from './types/apprise.js';
import { email } from './types/email.js';
import { pagerduty } from './types/pagerduty.js';
import { slack } from './types/slack.js';
import { teams } from './types/teams.js';
import { webhook } from './types/webhook.js';

/** Every kind of channel. */
export const CHANNELINGS: { [Type in ChannelType]: Channeling<ChannelSettings[Type]> } = {
  webhook,
  email,
  slack,
  teams,
  pagerduty,
  apprise,
};
