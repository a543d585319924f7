import type { Channeling, ChannelSettings } from '../channel-type.js';
import { moodOf, type Message } from '../message.js';

const COLORS = { bad: 'Attention', warning: 'Warning', good: 'Good', info: 'Accent' } as const;

/** A workflow of Teams that posts an Adaptive Card to a channel. */
export const teams: Channeling<ChannelSettings['teams']> = {
  send: ({ url }, message, { post }) =>
    post({
      url,
      body: JSON.stringify({
        type: 'message',
        attachments: [
          { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: cardOf(message) },
        ],
      }),
    }),
};

/** Texts are runs of a RichTextBlock: nothing in them is read as Markdown, as it would be in a TextBlock or a FactSet. */
function cardOf(message: Message): object {
  const { title, facts, link } = message;
  const run = (text: string, more: object = {}): object => ({ type: 'TextRun', text, ...more });
  const block = (...inlines: object[]): object => ({ type: 'RichTextBlock', inlines });
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      block(run(title, { weight: 'Bolder', size: 'Medium', color: COLORS[moodOf(message)] })),
      ...facts.map(({ label, text }) => block(run(`${label}: `, { weight: 'Bolder' }), run(text))),
    ],
    actions: [{ type: 'Action.OpenUrl', title: 'Open in Hive', url: link }],
  };
}
