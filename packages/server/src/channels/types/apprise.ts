import type { Answer, Channeling, ChannelSettings } from '../channel-type.js';
import { moodOf, textOf } from '../message.js';

const TYPES = { bad: 'failure', warning: 'warning', good: 'success', info: 'info' } as const;
const NO_CONTENT = 204;

/** An apprise-api, which passes messages on to more than a hundred services. */
export const apprise: Channeling<ChannelSettings['apprise']> = {
  async send({ url, tag, urls }, message, { post }) {
    // Plain text: apprise escapes it for each service.
    const said = { title: message.title, body: textOf(message), type: TYPES[moodOf(message)], format: 'text' };
    return judged(await post({ url, body: JSON.stringify({ ...said, tag, urls }) }));
  },
};

/** It answers so where it has no addresses for a key, and has sent nothing. */
function judged(answer: Answer): Answer {
  if (answer.status !== NO_CONTENT) return answer;
  return { ...answer, problem: 'apprise-api has no addresses under this key, or with this tag' };
}
