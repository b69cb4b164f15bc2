// A `fetch` over TLS with certificates of one's own: authorities that the server is held against, and a certificate to
// show. That of the platform takes neither. It does what the client needs of a `fetch`, and follows no redirect.
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plainRequest,
  type RequestOptions,
} from 'node:http';
import { Agent, request as tlsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

/** All in PEM. */
export interface Certificates {
  /** In place of the authorities of the platform. */
  readonly ca?: string | undefined;
  /** One's own certificate with its chain, and its key. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Throws for what is no certificate. Connections are kept open while they are used, and keep no process alive. */
export function fetchOver({ ca, cert, key }: Certificates): typeof fetch {
  const agent = new Agent({
    keepAlive: true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
  return async (input, { method = 'GET', headers, body, signal } = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const options: RequestOptions = {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      ...(signal == null ? {} : { signal }),
    };
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      const isTls = url.protocol === 'https:';
      const outgoing = isTls ? tlsRequest(url, { ...options, agent }) : plainRequest(url, options);
      outgoing.once('response', resolve);
      outgoing.once('error', (reason) => reject(signal?.aborted === true ? signal.reason : reason));
      if (body == null || typeof body === 'string') outgoing.end(body ?? undefined);
      else pipeline(Readable.fromWeb(body as unknown as ReadableStream), outgoing).catch(reject);
    });
    const status = incoming.statusCode ?? 0;
    if (status >= 300 && status < 400 && status !== 304) {
      incoming.destroy();
      throw new TypeError(`it answers with a redirect (${status}), which is not followed`);
    }
    const hasBody = status !== 204 && status !== 304;
    if (!hasBody) incoming.resume();
    const content = hasBody ? (Readable.toWeb(incoming) as unknown as NonNullable<RequestInit['body']>) : null;
    return new Response(content, { status, headers: headersOf(incoming.headers) });
  };
}

function headersOf(incoming: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming)) {
    for (const each of Array.isArray(value) ? value : [value]) if (each !== undefined) headers.append(name, each);
  }
  return headers;
}
