import { CHECKED_BYTES, nodeName, type RequestClass, type TargetNode } from '@hive/contract';
import { tls } from '../built-in.js';
import { problemOfBody } from '../http1/body-check.js';
import { createMessages, DEFAULT_PAYLOAD_BYTES, type Message } from '../http1/messages.js';
import { atPlace } from '../http1/nodes.js';
import { sendOne, type OneAnswer } from '../http1/one-request.js';
import type { TlsMaterial } from '../measuring.js';
import type { Place } from '../safety/addresses.js';

/** One request to be sent by itself, with every secret filled in. */
export interface Question {
  node: TargetNode;
  /** Where the node is dialled: an allowed address. */
  place: Place;
  request: RequestClass;
  /** Headers that say who sends it; those of the request win. */
  identity: Readonly<Record<string, string>>;
  /** Accept certificates that do not verify. */
  insecure: boolean;
  /** What TLS is spoken with beside that. */
  tls?: TlsMaterial | undefined;
  /** How long an answer is waited for, ms. */
  withinMs: number;
  /** Ends the wait at once. */
  signal: AbortSignal;
}

/** What came back: a whole answer, or what stood in its way. */
export type Answer =
  /** `wrongBody`: what is wrong with the body, where the request says what it must show. */
  | { type: 'answered'; status: number; location: string | null; ms: number; wrongBody?: string }
  /** `connected`: it took the connection, and did not answer in time. */
  | { type: 'late'; connected: boolean }
  | { type: 'failed'; code: string; message: string };

/** Sends one request by itself. */
export type Ask = (question: Question) => Promise<Answer>;

/** How long it may take to find out whether a port speaks TLS. */
const TLS_TRIAL_MS = 500;
/** Of a longer body the rest is not read. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Of a plain request to a port: what a port that speaks TLS makes of it. */
const PERHAPS_TLS: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'CLOSED', 'MALFORMED']);

/**
 * Sends one request to a node's allowed address and reads the whole answer. Redirects are not followed.
 * @throws HiveError `validation` for a path or header that would break the request's form.
 */
export const ask: Ask = async (question) => {
  const { node, place, withinMs } = question;
  const signal = AbortSignal.any([question.signal, AbortSignal.timeout(withinMs)]);
  const answer = await exchange({ ...question, signal });
  const { protocol } = new URL(node.url);
  const isDoubtful =
    answer.type === 'failed' ? PERHAPS_TLS.has(answer.code) : answer.type === 'answered' && answer.status === 400;
  if (protocol !== 'http:' || !isDoubtful || signal.aborted || !(await speaksTls(place))) return answer;
  return { type: 'failed', code: 'SPEAKS_TLS', message: `${nodeName(node)} speaks TLS` };
};

function toAnswer(answer: OneAnswer, { check }: Message): Answer {
  if (answer.type === 'late') return answer;
  if (answer.type === 'failed') return { type: 'failed', code: answer.code, message: answer.message };
  const { status, body, ms } = answer;
  const problem = check === null ? null : problemOfBody(check, body.subarray(0, CHECKED_BYTES), body.length);
  const said = { type: 'answered', status, location: answer.header('location'), ms } as const;
  return problem === null ? said : { ...said, wrongBody: problem };
}

async function exchange({
  node,
  place,
  request,
  identity,
  insecure,
  tls: material,
  signal,
}: Question): Promise<Answer> {
  const where = atPlace(node, place, material);
  const own = { connection: 'close', ...identity };
  const order = { requests: [request], payloadBytes: DEFAULT_PAYLOAD_BYTES, identity: own };
  const message = createMessages(order, [where])[0]![0] as Message;
  const reading = { headers: ['location'], mostBytes: MOST_BYTES, keepBody: message.check !== null };
  return toAnswer(await sendOne({ node: where, message, insecure, ...reading, signal }), message);
}

/** Whether a port answers a TLS handshake, whatever its certificate. */
function speaksTls(place: Place): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = tls().connect({ ...place, rejectUnauthorized: false, timeout: TLS_TRIAL_MS });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('secureConnect', end(true));
    socket.once('timeout', end(false));
    socket.once('error', end(false));
  });
}
