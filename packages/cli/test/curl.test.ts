import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { fromCurlCommand } from '../src/arguments/curl.js';
import { toRequestTarget } from '../src/arguments/request.js';

const target = async (line: string, options: object = {}) => {
  const read = await fromCurlCommand(line, options);
  return { ...toRequestTarget(read.address, read.options), notes: read.notes };
};

it('a pasted curl command is sent as it is: its method is the permission to write', async () => {
  const made = await target(
    `curl -k 'http://127.0.0.1:9/a?b=1' -H 'x-a: \${HOME}' -u ann:pw --data-raw '{"a":"\${B}"}' --nonsense`,
  );
  const [request] = made.requests;
  expect(made.nodes[0]?.url).toBe('http://127.0.0.1:9');
  expect(made.insecure).toBe(true);
  expect(made.safety.allowWrites).toBe(true);
  expect(request).toMatchObject({ method: 'POST', path: '/a?b=1', headers: { 'x-a': '$${HOME}' } });
  expect(request?.headers).toMatchObject({ authorization: `Basic ${Buffer.from('ann:pw').toString('base64')}` });
  expect(Buffer.from(request?.bodyBase64 ?? '', 'base64').toString()).toBe('{"a":"${B}"}');
  expect(made.notes).toEqual([expect.stringMatching(/Left out of the command: --nonsense/)]);
});

it('options beside a curl command win, and one that reads needs no permission', async () => {
  const made = await target("curl http://127.0.0.1:9/ -H 'X-A: 1' -H 'x-b: 2'", { header: [['x-a', '3']] });
  expect(made.requests[0]).toMatchObject({ method: 'GET', headers: { 'x-a': '3', 'x-b': '2' } });
  expect(made.safety.allowWrites).toBe(false);
});

it('a certificate that a curl command names is shown to the service; options beside it win', async () => {
  const line = 'curl --cert my.pem --key my.key --connect-to shop.example:443:127.0.0.1:9 https://shop.example/';
  const made = await target(line, { key: 'other.key' });
  expect(made.tls).toEqual({ cert: resolve('my.pem'), key: resolve('other.key') });
  expect(made.nodes[0]).toMatchObject({ url: 'https://shop.example', connect: '127.0.0.1:9' });
});
