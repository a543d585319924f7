import { describe, expect, it } from 'vitest';
import { ReadHeaders } from '../../src/http1/read-headers.js';
import { MAX_HEADER_BYTES, ResponseParser } from '../../src/http1/response-parser.js';
import { parseHive } from './parse.js';

const OK = 'HTTP/1.1 200 OK\r\n';

describe('ResponseParser', () => {
  it.each<[string, string, Partial<ReturnType<typeof parseHive>>]>([
    ['a length', `${OK}Content-Length: 5\r\n\r\nhello`, { status: 200, end: 'whole', reusable: true }],
    ['an empty body', `${OK}content-length:0\r\n\r\n`, { end: 'whole', reusable: true }],
    ['chunks', `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, { end: 'whole', reusable: true }],
    ['extensions', `${OK}Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0;z\r\n\r\n`, { end: 'whole' }],
    ['trailers', `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\n\r\n`, { end: 'whole', reusable: true }],
    ['an end by closing', `${OK}\r\nhello`, { end: 'by closing', reusable: false }],
    ['another coding', `${OK}Transfer-Encoding: gzip\r\n\r\nhello`, { end: 'by closing', reusable: false }],
    ['204 with a length', 'HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n', { end: 'whole', status: 204 }],
    ['304', 'HTTP/1.1 304 Not\r\nContent-Length: 5\r\n\r\n', { end: 'whole' }],
    ['100 and then 200', `HTTP/1.1 100 Go\r\n\r\n${OK}Content-Length: 0\r\n\r\n`, { end: 'whole', status: 200 }],
    ['103 with headers', `HTTP/1.1 103 Early\r\nLink: a\r\n\r\n${OK}Content-Length: 0\r\n\r\n`, { end: 'whole' }],
    ['close', `${OK}Connection: keep-alive, Close\r\nContent-Length: 0\r\n\r\n`, { end: 'whole', reusable: false }],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', { end: 'whole', reusable: false }],
    ['1.0 kept alive', 'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n', { reusable: true }],
    ['no reason', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', { end: 'whole' }],
    ['a folded line', `${OK}X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n`, { end: 'whole', reusable: true }],
    ['a line folded twice', `${OK}X-A: b\r\n\tc\r\n d\r\nContent-Length: 0\r\n\r\n`, { end: 'whole' }],
    ['a fold before any field', `${OK} X-A: b\r\nContent-Length: 0\r\n\r\n`, { end: 'protocol' }],
    ['a folded coding', `${OK}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`, { end: 'protocol' }],
    ['a folded connection', `${OK}Connection: x\r\n close\r\nContent-Length: 0\r\n\r\n`, { end: 'protocol' }],
    ['a fold of spaces', `${OK}X-A: b\r\n  \r\nContent-Length: 0\r\n\r\n`, { end: 'protocol' }],
    ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', { end: 'whole', reusable: false }],
    ['a bare line feed', `${OK}X-A: b\nX-B: c\r\nContent-Length: 0\r\n\r\n`, { end: 'whole', reusable: false }],
    ['a bare line feed before a length', `${OK}X-A: b\nContent-Length: 0\r\n\r\n`, { end: 'protocol' }],
    ['a bare line feed after a length', `${OK}Content-Length: 0\nX-A: b\r\n\r\n`, { end: 'protocol' }],
    ['a bare line feed as the end', `${OK}Content-Length: 0\r\n\n`, { end: 'protocol' }],
    ['a bare line feed in chunks', `${OK}Transfer-Encoding: chunked\r\n\r\n2\nok\r\n0\r\n\r\n`, { end: 'protocol' }],
    ['a bare carriage return', `${OK}X-A: b\rContent-Length: 0\r\n\r\n`, { end: 'protocol' }],
    ['one length twice', `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`, { end: 'whole', reusable: true }],
    ['a list of one length', `${OK}Content-Length: 5, 5\r\n\r\nhello`, { end: 'whole', left: 0 }],
    ['a list and a length', `${OK}Content-Length: 5,5\r\nContent-Length: 05\r\n\r\nhello`, { end: 'whole', left: 0 }],
    ['a list with a gap', `${OK}Content-Length: 5,\r\n\r\nhello`, { end: 'protocol' }],
    ['too short a body', `${OK}Content-Length: 5\r\n\r\nhell`, { end: 'open' }],
    ['half a header', `${OK}Content-Le`, { end: 'open' }],
    ['more than the body', `${OK}Content-Length: 2\r\n\r\nhello`, { end: 'whole', left: 3 }],
    ['two lengths', `${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`, { end: 'protocol' }],
    ['length and chunks', `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`, { end: 'protocol' }],
    ['chunks and length', `${OK}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n`, { end: 'protocol' }],
    ['a negative length', `${OK}Content-Length: -5\r\n\r\n`, { end: 'protocol' }],
    ['a signed length', `${OK}Content-Length: +5\r\n\r\n`, { end: 'protocol' }],
    ['a list of lengths', `${OK}Content-Length: 5, 6\r\n\r\n`, { end: 'protocol' }],
    ['an empty length', `${OK}Content-Length: \r\n\r\n`, { end: 'protocol' }],
    ['an immense length', `${OK}Content-Length: 99999999999999999999\r\n\r\n`, { end: 'protocol' }],
    ['a folded length', `${OK}Content-Length: 5\r\n 6\r\n\r\n`, { end: 'protocol' }],
    ['a bad chunk size', `${OK}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, { end: 'protocol' }],
    ['no chunk size', `${OK}Transfer-Encoding: chunked\r\n\r\n\r\nhello`, { end: 'protocol' }],
    ['an immense chunk', `${OK}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n`, { end: 'protocol' }],
    ['a chunk that is longer', `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n`, { end: 'protocol' }],
    ['a space before a colon', `${OK}Content-Length : 5\r\n\r\n`, { end: 'protocol' }],
    ['a line without colon', `${OK}nonsense\r\n\r\n`, { end: 'protocol' }],
    ['a NUL in a value', `${OK}X: a\0b\r\n\r\n`, { end: 'protocol' }],
    ['HTTP/2', 'HTTP/2 200\r\n\r\n', { end: 'protocol' }],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', { end: 'protocol' }],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', { end: 'protocol' }],
    ['a switch of protocols', 'HTTP/1.1 101 Switching\r\n\r\n', { end: 'protocol' }],
    ['an immense header', `${OK}X: ${'a'.repeat(MAX_HEADER_BYTES)}\r\n\r\n`, { end: 'too_large' }],
    ['a never-ending line', `HTTP/1.1 200 ${'a'.repeat(MAX_HEADER_BYTES + 10)}`, { end: 'too_large' }],
  ])('reads %s, however it is split', (_, text, expected) => {
    const bytes = Buffer.from(text, 'latin1');
    expect(parseHive(bytes, bytes.length)).toMatchObject(expected);
    if (bytes.length > 1_000) return;
    for (const step of [1, 2, 3, 7]) expect(parseHive(bytes, step)).toMatchObject(expected);
  });

  it.each([
    ['Content-Length: 5\r\nContent-Length: 6', /two different Content-Lengths/],
    ['Content-Length: 5\r\nTransfer-Encoding: chunked', /a Content-Length and a Transfer-Encoding/],
    ['Transfer-Encoding:\r\n chunked', /folded header line/],
    ['X: a\nContent-Length: 5', /bare line feeds/],
    [`X: ${'a'.repeat(90_000)}`, /larger than 64 KiB/],
    ['X: a\0', /control character/],
  ])('says what is wrong with %s', (fields, words) => {
    const parser = new ResponseParser();
    parser.reset(false);
    const bytes = Buffer.from(`${OK}${fields}\r\n\r\n`, 'latin1');
    parser.feed(bytes, bytes.length);
    expect([parser.failed, parser.reason]).toEqual([true, expect.stringMatching(words)]);
  });

  it('joins a folded value', () => {
    const parser = new ResponseParser();
    parser.headers = new ReadHeaders(['x-node']);
    parser.reset(false);
    const bytes = Buffer.from(`${OK}X-Node: a\r\n  b\r\nX-Other: c\r\n d\r\nContent-Length: 0\r\n\r\n`);
    parser.feed(bytes, bytes.length);
    expect(parser.headers.value('x-node')).toBe('a b');
  });

  it('reads no body after HEAD', () => {
    const bytes = Buffer.from(`${OK}Content-Length: 5\r\n\r\n`);
    expect(parseHive(bytes, bytes.length, { head: true })).toMatchObject({ end: 'whole', reusable: true });
  });
});
