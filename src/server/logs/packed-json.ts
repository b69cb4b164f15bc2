// A body of JSON that may be gzipped, for routes that take much: unpacked up to a limit and no further, whatever the
// packed bytes promise, and looked over before it is parsed. Fastify's own reader unpacks nothing.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import type { App } from '../context/context.ts';
import { type JsonBounds, overJsonBounds } from '../http/json-guard.ts';
import { problem } from '../http/problem.ts';

const unpack = promisify(gunzip);

/** Reads bodies of `application/json` in this scope of the app, at most `limit` bytes unpacked. */
export function takePackedJson(app: App, limit: number, bounds: JsonBounds): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: limit },
    async (request: FastifyRequest, body: Buffer) => {
      const encoding = request.headers['content-encoding'] ?? 'identity';
      if (encoding === 'identity') return parse(body, bounds);
      if (encoding === 'gzip') return parse(await unpackUpTo(body, limit), bounds);
      throw problem(415, 'unsupported-encoding', 'a body is sent as it is or gzipped', {
        headers: { 'accept-encoding': 'gzip, identity' },
      });
    },
  );
}

async function unpackUpTo(body: Buffer, limit: number): Promise<Buffer> {
  try {
    return await unpack(body, { maxOutputLength: limit });
  } catch (reason) {
    if (reason instanceof Error && 'code' in reason && reason.code === 'ERR_BUFFER_TOO_LARGE') {
      throw problem(413, 'body-too-large', `unpacked, the body is longer than ${limit} bytes`);
    }
    throw problem(400, 'invalid-gzip', 'the body is not gzip');
  }
}

function parse(body: Buffer, bounds: JsonBounds): unknown {
  const text = body.toString('utf8');
  const broken = overJsonBounds(text, bounds);
  if (broken !== null) {
    const most = broken === 'depth' ? `nested ${bounds.depth} deep` : `${bounds.items} items long`;
    throw problem(413, 'json-too-large', `a list or object of the body is more than ${most}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw problem(400, 'invalid-json', 'the body is not JSON');
  }
}
