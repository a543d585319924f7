import { targetInputSchema } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { readCurl } from '../../src/importing/curl/curl.js';
import { fromCurl } from '../../src/importing/curl/from-curl.js';
import { writeTargetFile } from '../../src/importing/target-file/write-target-file.js';

const read = (line: string) => {
  const { body, headers, ...rest } = readCurl(line, (path) => Buffer.from(`<${path}\n>`));
  return { ...rest, headers: Object.fromEntries(headers), body: body?.toString('utf8') ?? null };
};

describe('a command line of curl', () => {
  it('is read as a browser copies it for a shell', () => {
    const line = [
      "curl 'https://a.example/x?y=1' \\",
      "  -X 'PUT' \\",
      "  -H 'accept: application/json' -H ':authority: a.example' \\",
      "  -b 'sid=1; b=2' \\",
      '  --data-raw $\'{"a":"it\\\'s \\u0021"}\' \\',
      '  --compressed --insecure',
    ].join('\n');
    expect(read(line)).toEqual({
      url: 'https://a.example/x?y=1',
      method: 'PUT',
      headers: {
        accept: 'application/json',
        cookie: 'sid=1; b=2',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: '{"a":"it\'s !"}',
      user: null,
      insecure: true,
      tls: {},
      connectTo: [],
      notes: [],
    });
  });

  it('is read as a browser copies it for cmd.exe', () => {
    const line =
      'curl ^"http://a/x?a=1^&b=2^" ^\r\n  -H ^"content-type: application/json^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":1^}^"';
    expect(read(line)).toMatchObject({
      url: 'http://a/x?a=1&b=2',
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
  });

  it.each([
    ['curl -sSL http://a/', { method: 'GET', notes: [expect.stringMatching(/redirects are not followed/)] }],
    ['curl -XDELETE http://a/', { method: 'DELETE' }],
    ['curl -I http://a/', { method: 'HEAD' }],
    ['curl -G -d a=1 -d b=2 http://a/?c=3', { method: 'GET', url: 'http://a/?c=3&a=1&b=2', body: null }],
    ['curl -d a=1 --data-urlencode "b=x y&" http://a/', { method: 'POST', body: 'a=1&b=x%20y%26' }],
    ['curl --data-binary @f http://a/', { body: '<f\n>' }],
    ['curl -d @f http://a/', { body: '<f>' }],
    [
      'curl --json \'{"a":1}\' http://a/',
      { headers: { 'content-type': 'application/json', accept: 'application/json' }, body: '{"a":1}' },
    ],
    ['curl -u ann:pw http://a/', { user: 'ann:pw' }],
    ['curl --request=PATCH --url http://a/', { method: 'PATCH', url: 'http://a/' }],
    [
      'curl --cert my.pem --key=my.key --cacert ca.pem --connect-to a:443:127.0.0.1:8443 https://a/',
      { tls: { cert: 'my.pem', key: 'my.key', cacert: 'ca.pem' }, connectTo: ['a:443:127.0.0.1:8443'], notes: [] },
    ],
    [
      'curl -E my.pem:secret --resolve a:443:::1 https://a/',
      {
        tls: { cert: 'my.pem' },
        connectTo: ['a:443:[::1]:443'],
        notes: ['--cert: the password of a key is not used: give a key without one'],
      },
    ],
    [
      'curl --ech hard http://a/ -Z',
      { url: 'http://a/', notes: [expect.stringMatching(/Left out of the command: --ech, -Z/)] },
    ],
  ])('%s', (line, wanted) => expect(read(line)).toMatchObject(wanted));

  it('sends a form with its files', () => {
    const { body, headers } = read('curl -F a=1 -F "f=@dir/p.png;type=image/png" -F t=<n http://a/');
    expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(body).toContain('name="f"; filename="p.png"\r\ncontent-type: image/png\r\n\r\n<dir/p.png\n>');
    expect(body).toContain('name="a"\r\n\r\n1\r\n');
    expect(body).toContain('name="t"\r\n\r\n<n\n>');
  });

  it('becomes a target without its secrets', () => {
    const imported = fromCurl(
      `curl -X POST 'https://a.example/x?api_key=planted-1' -u ann:planted-2 -H 'X-Token: planted-3' -b 'sid=planted-4' -H 'x-plain: p' --data '{"password":"planted-5","a":1}'`,
    );
    expect(targetInputSchema.safeParse(imported.target).success).toBe(true);
    const file = writeTargetFile(imported, { source: 'curl' });
    expect(file).not.toMatch(/planted|cGxhbnRlZC/);
    expect(imported.target).toMatchObject({
      url: 'https://a.example',
      requests: [{ method: 'POST', headers: { 'x-plain': 'p' } }],
    });
    expect(imported.secrets.map(({ name }) => name)).toEqual([
      'API_KEY',
      'AUTHORIZATION',
      'PASSWORD',
      'SID',
      'X_TOKEN',
    ]);
  });

  it('becomes as many requests as it sends, each with options of its own', () => {
    const { target, summary, notes } = fromCurl(
      [
        "curl -sL -H 'x: 1' http://a/one http://a/two --next -X DELETE http://a/three -: http://b/four ;",
        "curl 'http://a/five' -H 'accept: text/html' \\",
        "  --insecure & curl.exe -d q=1 'http://a/six' ; jq . http://a/no",
        'curl http://a/five -H "accept: text/html" -L; curl -X TRACE http://a/',
      ].join('\n'),
    );
    expect(target).toMatchObject({
      url: 'http://a',
      insecure: true,
      requests: [
        { name: 'get-one', path: '/one', headers: { x: '1' }, weight: 1 },
        { name: 'get-two', path: '/two', headers: { x: '1' }, weight: 1 },
        { name: 'delete-three', path: '/three', method: 'DELETE' },
        { name: 'get-five', path: '/five', headers: { accept: 'text/html' }, weight: 2 },
        { name: 'post-six', path: '/six', body: 'q=1' },
      ],
    });
    expect(target.requests?.[2]?.headers).toBeUndefined();
    expect(summary).toBe('5 requests from curl commands');
    expect(notes).toEqual([
      '-L: redirects are not followed, so that what is measured is what you named',
      'Left out: 1 × to b, 1 × TRACE cannot be sent',
      'Not sent until safety.allowWrites is on: 2 writing requests',
    ]);
    expect(targetInputSchema.safeParse(target).success).toBe(true);
  });

  it('of several requests is more than one run sends', () => {
    expect(() => readCurl('curl http://a/ --next http://a/b')).toThrow(/sends 2 requests, and one is wanted here/);
    const many = Array.from({ length: 201 }, (_, at) => `curl http://a/${at}`).join(' ; ');
    const { target, notes } = fromCurl(many);
    expect(target.requests).toHaveLength(200);
    expect(notes).toEqual(['Left out: 1 × beyond the first 200']);
  });

  it('is read in time and to its end, however long it is', { timeout: 20_000 }, () => {
    const long = (part: string, times: number): string => `curl http://a/ ${part.repeat(times)}`;
    expect(fromCurl(long('-sLk ', 50_000)).summary).toBe('1 request from a curl command');
    expect(fromCurl(long('-d a=1 ', 50_000)).target.requests?.[0]?.body).toHaveLength(199_999);
    expect(readCurl(`curl -${'s'.repeat(100_000)}XPUT http://a/`).method).toBe('PUT');
    expect(fromCurl(long('http://a/ ', 5_000)).target.requests).toMatchObject([{ weight: 1_000 }]);
    expect(fromCurl(long('http://a/ ', 5_000)).notes).toEqual(['Left out: 4,001 × beyond the first 1,000']);
    expect(() => fromCurl(long("-H 'x: y' ", 201))).toThrow(/more than 200 headers/);
  });

  it.each([
    ['curl http://a/ --next -X PUT', /no address/],
    ['curl', /no address/],
    ['curl -d @f http://a/', /the file f is not read here/],
    ['curl ftp://a/', /is not an http/],
  ])('%s is refused with its reason', (line, words) => expect(() => fromCurl(`${line} `)).toThrow(words));
});
