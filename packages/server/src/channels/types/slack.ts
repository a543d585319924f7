import type { Channeling, ChannelSettings } from '../channel-type.js';
import type { Message } from '../message.js';

/** What Slack reads as markup: so no text of a user can call a channel or link elsewhere (docs.slack.dev, "Escaping text"). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** An incoming webhook of Slack. */
export const slack: Channeling<ChannelSettings['slack']> = {
  send: ({ url }, message, { post }) => post({ url, body: JSON.stringify(slackMessage(message)) }),
};

/** Texts are plain, so that `*` and `_` of a user stay what they are, and escaped as well. */
function slackMessage({ title, facts, link }: Message): object {
  const plain = (text: string): object => ({ type: 'plain_text', text: escaped(text), emoji: false });
  return {
    // Shown in notifications, where blocks are not.
    text: escaped(title),
    mrkdwn: false,
    unfurl_links: false,
    blocks: [
      { type: 'section', text: plain(title) },
      { type: 'section', fields: facts.slice(0, 10).map(({ label, text }) => plain(`${label}: ${text}`)) },
      {
        type: 'actions',
        elements: [{ type: 'button', text: plain('Open in Hive'), url: link }],
      },
    ],
  };
}
