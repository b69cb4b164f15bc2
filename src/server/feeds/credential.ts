// Where firewalls put the secret of a feed: the password of HTTP Basic (PAN-OS, FortiOS, OPNsense), a header of its own
// (Check Point), or a bearer token (OPNsense). Never in the address, which is logged everywhere.
import type { IncomingHttpHeaders } from 'node:http';

export const SECRET_HEADER = 'x-feed-secret';

/** The secret that came with the request; null: none. The user name of Basic says nothing and is not looked at. */
export function readSecret(headers: IncomingHttpHeaders): string | null {
  const own = headers[SECRET_HEADER];
  if (typeof own === 'string' && own !== '') return own;
  const [, scheme = '', value = ''] = /^([a-z]+) +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return value;
    case 'basic': {
      const text = Buffer.from(value, 'base64').toString('utf8');
      const colon = text.indexOf(':');
      return colon < 0 || colon + 1 === text.length ? null : text.slice(colon + 1);
    }
    default:
      return null;
  }
}
