import { HiveError, targetInputSchema } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { fromAccessLog } from '../../src/importing/logs/access-log.js';
import { createLogReader } from '../../src/importing/logs/log-reader.js';

const IIS = [
  '#Software: Microsoft Internet Information Services 10.0',
  '#Version: 1.0',
  '#Date: 2025-05-02 17:42:15',
  '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) cs-host sc-status sc-substatus sc-win32-status time-taken',
];
const CLOUDFRONT = [
  '#Version: 1.0',
  '#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol',
];
const cloudFront = (stem: string, query: string, status = 200): string =>
  `2025-12-04\t21:02:31\tLAX1\t392\t192.0.2.100\tGET\td111.cloudfront.net\t${stem}\t${status}\t-\tMozilla/5.0%20(x)\t${query}\t-\tHit\tSOX4==\tshop.example\thttps`;

/** A line of Amazon S3, from a key to what was sent. */
const ofS3 = (what: string): string =>
  `79a5 my-bucket [06/Feb/2019:00:00:38 +0000] 192.0.2.3 79a5 3E57427F3EXAMPLE ${what} "-" "S3Console/0.4" - s9lz/Y= SigV4 ECDHE-RSA AuthHeader my-bucket.s3.us-west-1.amazonaws.com TLSv1.2 - -`;

/** A line as each program writes it, and what it asks for. */
const LINES: [format: string, lines: string[], method: string, path: string, host: string | null][] = [
  [
    'AWS application load balancer',
    [
      'h2 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 10.0.1.252:48160 10.0.0.66:9000 0.000 0.002 0.000 200 200 5 257 "GET https://shop.example:443/a?b=c HTTP/2.0" "curl/7.46.0" ECDHE-RSA TLSv1.2 arn:aws:x "Root=1-58337327" "shop.example" "arn" 1 2018-07-02T22:22:48.364000Z "forward" "-" "-" "10.0.0.66:9000" "200" "-" "-"',
    ],
    'GET',
    '/a?b=c',
    'shop.example',
  ],
  [
    'AWS classic load balancer',
    [
      '2015-05-13T23:39:43.945958Z my-lb 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "POST http://shop.example:80/ HTTP/1.1" "curl/7.38.0" - -',
    ],
    'POST',
    '/',
    'shop.example',
  ],
  [
    'CloudFront',
    [...CLOUDFRONT, cloudFront('/view/my%2520file.html', 'a=1&b=2')],
    'GET',
    '/view/my%2520file.html?a=1&b=2',
    'shop.example',
  ],
  [
    'Amazon S3',
    [ofS3('REST.GET.OBJECT photos/a%2520b.jpg "GET /photos/a%20b.jpg?versionId=1 HTTP/1.1" 206 - 113 4406583 41 28')],
    'GET',
    '/photos/a%20b.jpg?versionId=1',
    'my-bucket.s3.us-west-1.amazonaws.com',
  ],
  ['CloudFront without its first lines', [cloudFront('/a', '-', 304)], 'GET', '/a', 'shop.example'],
  [
    'Caddy',
    [
      '{"level":"info","ts":1646861401.5241024,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"127.0.0.1","remote_port":"41342","proto":"HTTP/2.0","method":"GET","host":"shop.example:443","uri":"/\\u043f?x=1","headers":{"User-Agent":["curl/7.82.0"]}},"bytes_read":0,"duration":0.000929,"size":10900,"status":200,"resp_headers":{}}',
    ],
    'GET',
    '/%D0%BF?x=1',
    'shop.example',
  ],
  [
    'Traefik',
    [
      '{"ClientAddr":"10.0.0.1:1","DownstreamStatus":201,"OriginStatus":500,"RequestAddr":"shop.example","RequestHost":"shop.example","RequestMethod":"PUT","RequestPath":"/items/1?x=é","RequestProtocol":"HTTP/1.1","level":"info","msg":"","time":"2025-01-01T00:00:00Z"}',
    ],
    'PUT',
    '/items/1?x=%C3%A9',
    'shop.example',
  ],
  [
    'Traefik in the common format',
    ['10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 5 "-" "-" 1 "web@docker" "http://10.0.0.2" 3ms'],
    'GET',
    '/a',
    null,
  ],
  [
    'IIS',
    [
      ...IIS,
      '2025-05-02 17:42:15 172.22.255.255 GET /bilder/größe.jpg w=1 443 - 172.30.255.255 Mozilla/4.0+(x) - www.shop.example 200 0 0 15',
    ],
    'GET',
    '/bilder/gr%C3%B6%C3%9Fe.jpg?w=1',
    'www.shop.example',
  ],
  [
    'nginx JSON',
    ['{"time":"x","request_method":"GET","request_uri":"/a?b=\\xD0\\xBF","status":"200","http_host":"shop.example"},'],
    'GET',
    '/a?b=%D0%BF',
    'shop.example',
  ],
  ['nginx JSON with the request line', ['{"request":"HEAD /a HTTP/1.1","status":204}'], 'HEAD', '/a', null],
  [
    'Google load balancer',
    ['{"httpRequest":{"requestMethod":"GET","requestUrl":"https://shop.example/a?b=1","status":200,"protocol":"h2"}}'],
    'GET',
    '/a?b=1',
    'shop.example',
  ],
  [
    'Elastic common schema',
    [
      '{"http":{"request":{"method":"get"},"response":{"status_code":200}},"url":{"path":"/a","query":"b=1","domain":"d.example"}}',
    ],
    'GET',
    '/a?b=1',
    'd.example',
  ],
  [
    'pino',
    ['{"level":30,"req":{"method":"GET","url":"/a","headers":{"host":"p.example"}},"res":{"statusCode":200}}'],
    'GET',
    '/a',
    'p.example',
  ],
  [
    'HAProxy',
    [
      'Feb  6 12:14:14 localhost haproxy[14389]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"',
    ],
    'GET',
    '/index.html',
    null,
  ],
  [
    'Envoy',
    [
      '[2016-04-15T20:17:00.310Z] "POST /api/v1/locations HTTP/2" 204 - 154 0 226 100 "10.0.35.28" "nsq2http" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "locations" "tcp://10.0.2.1:80"',
    ],
    'POST',
    '/api/v1/locations',
    'locations',
  ],
  [
    "Heroku's router",
    [
      'at=info method=GET path="/a?b=1" host=h.example request_id=8601b555 fwd="204.204.204.204" dyno=web.1 connect=1ms service=18ms status=200 bytes=13 protocol=https',
    ],
    'GET',
    '/a?b=1',
    'h.example',
  ],
  [
    'Kubernetes ingress, through the container runtime',
    [
      '2025-10-06T00:17:09.669794202Z stdout F 10.0.0.1 - - [06/Oct/2025:00:17:09 +0000] "GET /a HTTP/1.1" 200 612 "-" "curl" 83 0.001 [default-x-80] [] 10.0.0.2:80 612 0.001 200 7c',
    ],
    'GET',
    '/a',
    null,
  ],
  [
    'Docker',
    [
      '{"log":"10.0.0.1 - - [06/Oct/2025:00:17:09 +0000] \\"GET /a HTTP/1.1\\" 200 612 \\"-\\" \\"curl\\"\\n","stream":"stdout","time":"2025-10-06T00:17:09Z"}',
    ],
    'GET',
    '/a',
    null,
  ],
  [
    'syslog',
    ['<190>Oct 10 13:55:36 web-1 nginx[77]: 10.0.0.1 - - [06/Oct/2025:00:17:09 +0000] "GET /a HTTP/1.1" 200 612'],
    'GET',
    '/a',
    null,
  ],
];

const latin1 = (line: string): string => Buffer.from(line, 'utf8').toString('latin1');

describe('a log format is found by itself', () => {
  it.each(LINES)('%s', (_, lines, method, path, host) => {
    const read = createLogReader();
    const found = lines.map((line) => read(latin1(line)));
    expect(found.at(-1)).toMatchObject({ type: 'request', method, path, host });
    expect(found.slice(0, -1).every(({ type }) => type === 'directive')).toBe(true);
  });

  it('also where formats follow one another in one stream', async () => {
    const lines = LINES.flatMap(([, one]) => one);
    const { target, summary, notes } = await fromAccessLog([lines.join('\n')], { serverUrl: 'http://a' });
    expect(targetInputSchema.safeParse(target).success).toBe(true);
    expect(summary).toMatch(/Caddy JSON.*Envoy/);
    expect(notes.join('\n')).not.toMatch(/no format/);
  });

  it('what was answered badly is counted in every format', async () => {
    const bad = [
      'http 2018-07-02T22:23:00.186641Z app/lb/5 192.168.131.39:2817 - -1 -1 -1 503 - 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl" - -',
      'http 2018-07-02T22:23:00.186641Z app/lb/5 192.168.131.39:2817 - -1 -1 -1 400 - 0 366 "- http://www.example.com:80- -" "-" - -',
      '{"request":{"method":"GET","host":"a","uri":"/"},"status":0}',
      '[2016-04-15T20:17:00.310Z] "- - -" 0 - 0 0 226 - "-" "-" "-" "-" "-"',
      ofS3('REST.GET.OBJECT a "GET /a HTTP/1.1" 403 AccessDenied 243 - 7 -'),
      ofS3('S3.EXPIRE.OBJECT a - - - - 0 - -'),
    ];
    await expect(fromAccessLog([bad.join('\n')], { serverUrl: 'http://a' })).rejects.toThrow(
      /none of 6 lines can be used: .*2 × 0, 1 × 503, 1 × 400, 1 × 403/,
    );
  });
});

describe('hosts of a log', () => {
  const line = (host: string, path: string): string =>
    `${host} 203.0.113.9 - ann b [10/Oct/2025:13:55:36 +0000] "GET ${path} HTTP/1.1" 200 5 "-" "-"`;
  const log = [
    line('a.example:443', '/x'),
    line('A.example:80', '/x'),
    line('b.example', '/y'),
    line('c.example', '/z'),
  ];

  it('the one with the most requests is taken, the others are told', async () => {
    const { target, notes } = await fromAccessLog([log.join('\n')], { serverUrl: 'http://a' });
    expect(target.requests).toMatchObject([{ path: '/x', weight: 2 }]);
    expect(notes.join('\n')).toContain(
      'Taken: the requests to a.example. Left out: 2 requests to others (1 × b.example, 1 × c.example); --host NAME chooses',
    );
  });

  it('--host chooses, and must be one of them', async () => {
    const chosen = await fromAccessLog([log.join('\n')], { serverUrl: 'http://a', host: 'B.example' });
    expect(chosen.target.requests).toMatchObject([{ path: '/y' }]);
    const wrong = fromAccessLog([log.join('\n')], { serverUrl: 'http://a', host: 'd.example' });
    await expect(wrong).rejects.toThrow(HiveError);
    await expect(wrong).rejects.toMatchObject({ hint: 'the log has 2 × a.example, 1 × b.example, 1 × c.example' });
  });
});
