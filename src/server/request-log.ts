// What the log says of a request: how it came and what it asked for. Secrets and tokens are not asked for in addresses,
// and whoever puts one there all the same does not find it in the log.
import type { FastifyRequest } from 'fastify';

/** The members of a log line about a request. */
export function describeRequest(request: FastifyRequest) {
  return {
    method: request.method,
    url: hideSecrets(request.url),
    host: request.host,
    remoteAddress: request.ip,
    remotePort: request.socket.remotePort ?? 0,
  };
}

/** The text with what looks like a secret of a feed or a token cut behind its first characters. */
export function hideSecrets(text: string): string {
  return text.replace(/(bhf_|eyJ)[\w.~+=-]+/g, '$1…');
}
