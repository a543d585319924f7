import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { HIVE_VERSION, HiveError } from '@hive/contract';
import { resolveOutbound, type OutboundAllow } from '@hive/engine';
import type { Answer, Posted } from './channel-type.js';

/** What is read of an answer, bytes. */
const MOST_BYTES = 4_096;

/**
 * Posts JSON to an address that was checked: what was resolved is what is dialled. Redirects are not followed.
 * @throws HiveError `refused_by_safety` before anything is dialled, `target_unreachable`, `validation` for what is no address.
 */
export async function post(posted: Posted, allow: OutboundAllow, signal: AbortSignal): Promise<Answer> {
  const { url: text, headers, body } = posted;
  if (!/^https?:/i.test(text) || !URL.canParse(text))
    throw new HiveError('validation', 'url: is not an http:// or https:// address', {
      hint: 'write it as https://hooks.example.org/hive',
    });
  const url = new URL(text);
  const found = await resolveOutbound(url.hostname, allow);
  const lookup: LookupFunction = (_, options, answer) => {
    const [first] = found;
    if (options.all === true || first === undefined) answer(null, [...found]);
    else answer(null, first.address, first.family);
  };
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      method: 'POST',
      // A connection of its own: one that is kept open was checked for another name.
      agent: false,
      lookup,
      signal,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': `hive/${HIVE_VERSION}`,
        accept: '*/*',
      },
    });
    asked.once('error', reject);
    asked.once('response', (answer: IncomingMessage) => {
      readBeginning(answer).then((beginning) => resolve(answerOf(answer, beginning)), reject);
    });
    asked.end(body);
  });
}

function answerOf({ statusCode = 0, headers }: IncomingMessage, body: string): Answer {
  const isRedirect = statusCode >= 300 && statusCode < 400;
  return {
    status: statusCode,
    body,
    retryAfter: headers['retry-after'],
    ...(isRedirect && {
      problem: 'it answered with a redirect, which Hive does not follow: name the address it leads to',
    }),
  };
}

async function readBeginning(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES).toString();
}
