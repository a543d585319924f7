import type { Channeling, ChannelSettings, Mailed } from '../channel-type.js';
import { textOf, type Message } from '../message.js';

/** E-mail. All of one incident is one conversation. */
export const email: Channeling<ChannelSettings['email']> = {
  send(settings, message, { mail }) {
    const { title, incident } = message;
    const said = { subject: title, text: textOf(message), html: htmlOf(message), thread: incident.id };
    return mail({ ...envelopeOf(settings), ...said });
  },
};

/** From whom, to whom, and by which server. */
export function envelopeOf({
  to,
  from,
  smtp,
  password,
}: ChannelSettings['email']): Pick<Mailed, 'server' | 'from' | 'to'> {
  const server = smtp === undefined ? {} : { server: { ...smtp, ...(password !== undefined && { password }) } };
  return { ...server, from, to };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML shows it. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}

function htmlOf({ title, facts, link }: Message): string {
  const rows = facts.map(
    ({ label, text }) => `<tr><th align="left" valign="top">${escaped(label)}</th><td>${escaped(text)}</td></tr>`,
  );
  return [
    '<!doctype html><html><body style="font-family:sans-serif">',
    `<p><strong>${escaped(title)}</strong></p>`,
    `<table cellpadding="4">${rows.join('')}</table>`,
    `<p><a href="${escaped(link)}">Open in Hive</a></p>`,
    '</body></html>',
  ].join('\n');
}
