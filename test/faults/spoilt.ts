import { gzipSync } from 'node:zlib';
import { html, json, text, type Answer } from '../gitlab/answer';
import { cutShort, dropConnection, neverAnswer, type Exchange } from '../gitlab/faults';
import { asJson, body, echo, isList, signIn, type Fault } from './fault';

/** 30 MB of blanks. */
const bomb = gzipSync(Buffer.alloc(30_000_000, ' '));

/** GitLab never saw it, or its answer is spoilt: what became of a write has to be looked up. */
const answers: readonly Fault[] = [
  { name: 'connection dropped', react: dropConnection },
  { name: 'connection reset', react: ({ socket }) => (socket.resetAndDestroy(), 'taken') },
  { name: 'broken off in the headers', react: ({ socket }) => raw(socket, 'HTTP/1.1 200 OK\r\nContent-Ty', true) },
  { name: 'not HTTP', react: ({ socket }) => raw(socket, 'SSH-2.0-OpenSSH_9.6\r\n', true) },
  {
    name: 'endless headers',
    react: ({ socket }) => raw(socket, `HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(20_000)}`, true),
  },
  { name: 'never answered', react: neverAnswer, silent: true },
  {
    name: 'headers, then silence',
    silent: true,
    react: ({ socket }) => raw(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', false),
  },
  {
    name: 'body byte by byte',
    silent: true,
    react: ({ response, socket }) => {
      response.writeHead(200, asJson);
      const drip = setInterval(() => response.write(' '), 10);
      socket.once('close', () => clearInterval(drip));
      return 'taken';
    },
  },
  { name: 'body cut short', react: (exchange) => cutShort(exchange, json(200, [{ id: 1, name: 'x' }]), 9) },
  {
    name: 'chunked body cut short',
    react: ({ response, socket }) => {
      response.writeHead(200, asJson).write('[{"id":1,');
      setImmediate(() => socket.destroy());
      return 'taken';
    },
  },
  { name: 'larger than any answer', react: () => body(' '.repeat(3_000_000)) },
  { name: 'unpacks to too much', react: () => body(bomb, { 'Content-Encoding': 'gzip' }) },
  { name: 'damaged gzip', react: () => body('{"id":1}', { 'Content-Encoding': 'gzip' }) },
  { name: '200 with a web page', react: () => html(200, signIn) },
  { name: '200 with a web page as JSON', react: () => body(signIn) },
  { name: '200 with plain text', react: () => text(200, 'OK') },
  { name: '200 with nothing', react: () => body('') },
  // To a DELETE that is GitLab’s own answer: no fault, and nobody could tell whether it comes from GitLab.
  { name: '204', react: ({ request }) => (request.method === 'DELETE' ? undefined : nothing()), strikes: 'notDeletes' },
  { name: 'invalid UTF-8', react: () => body(Buffer.from([0x5b, 0x22, 0xff, 0xfe, 0x22, 0x5d])) },
  { name: 'truncated JSON', react: () => body('[{"id":1,"name":"x') },
  { name: 'null', react: () => json(200, null) },
  {
    name: 'an object for a list, a list for an object',
    react: ({ request }) => json(200, isList(request.path) ? {} : []),
  },
  { name: 'a text', react: () => json(200, 'done') },
  {
    name: 'fields of other types',
    react: ({ request }) => json(200, isList(request.path) ? { id: 'x' } : { id: 'x', username: 5 }),
  },
  { name: '500 in JSON', ends: true, react: () => json(500, { message: '500 Internal Server Error' }) },
  { name: '500 as a web page', ends: true, react: () => html(500, '<html>We are sorry</html>') },
  { name: '502 as a web page', react: () => html(502, '<html>Bad Gateway</html>') },
  { name: '503 with Retry-After: 1', react: () => text(503, 'Deploying', { 'Retry-After': '1' }) },
  { name: '503 as a web page', react: () => html(503, '<html>GitLab is not responding</html>') },
  { name: '504 as a web page', react: () => html(504, '<html>Gateway Time-out</html>') },
  { name: '599', react: () => text(599, 'odd') },
  { name: '408', react: () => text(408, 'Request Timeout') },
  { name: 'the request sent back in a web page', react: (exchange) => html(200, `<html>${echo(exchange)}</html>`) },
  {
    name: 'the request sent back as an error of GitLab',
    ends: true,
    react: (exchange) => json(500, { message: echo(exchange) }),
  },
];

export const spoilt: readonly Fault[] = answers.map((fault) => ({ ...fault, hidesAnswer: true }));

function raw(socket: Exchange['socket'], bytes: string, end: boolean): 'taken' {
  if (end) socket.end(bytes);
  else socket.write(bytes);
  return 'taken';
}

function nothing(): Answer {
  return { status: 204, headers: {}, body: '' };
}
