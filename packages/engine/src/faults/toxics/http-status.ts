import { STATUS_CODES } from 'node:http';
import { Http1Cutter } from '../http1.js';
import { toxic } from '../toxic.js';

/**
 * Answers HTTP/1 requests itself with `status`, in the server's place: the first `requests` of them over all connections that
 * are hit, at 0 all. The other requests, and what is not HTTP, pass. Clients that send a request before the answer to the one
 * before has come (pipelining) may see answers out of order.
 */
export const httpStatus = toxic({
  type: 'http_status',
  attributes: { status: 503, requests: 0 },
  only: 'upstream',
  check: ({ status }) => (status >= 200 && status <= 599 ? null : 'status must be from 200 to 599'),
  create({ status, requests }) {
    let answered = 0;
    return (outlet) => {
      const cutter = new Http1Cutter('request');
      let answering: string | null = null;
      return {
        data(chunk) {
          for (const part of cutter.cut(chunk)) {
            if (part.type === 'head' && (requests <= 0 || answered < requests)) {
              answered += 1;
              answering = part.startLine;
            }
            if (answering === null || part.type === 'raw') {
              outlet.push(part.bytes);
            } else if (part.last) {
              outlet.reply(answer(status, answering.startsWith('HEAD ')));
              answering = null;
            }
          }
        },
        end() {
          if (answering === null) outlet.push(cutter.takeKept());
          outlet.end();
        },
        flush() {
          // Half of a request was swallowed: the server could make nothing of the other half.
          if (answering === null) outlet.push(cutter.takeKept());
          else outlet.close();
        },
      };
    };
  },
});

function answer(status: number, toHead: boolean): Buffer {
  const bodiless = status === 204 || status === 304;
  const body = bodiless ? '' : `${STATUS_CODES[status] ?? 'Fault'}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Fault'}`,
    'x-hive-fault: http_status',
    ...(bodiless ? [] : ['content-type: text/plain', `content-length: ${body.length}`]),
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${toHead ? '' : body}`);
}
