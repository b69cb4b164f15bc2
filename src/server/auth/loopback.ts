// Whether a request without credentials may be taken for one of this machine: both ends of its connection are loopback
// addresses, the name it asked for is one, and no page of another origin made a browser send it.
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** Whether an address or host name can only be this machine. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (name === 'localhost') return true;
  const address = name.startsWith('::ffff:') ? name.slice(7) : name;
  if (isIP(address) === 4) return address.startsWith('127.');
  return name === '::1';
}

/** Why the headers do not look like a program of this machine asking; null: they do. */
export function refuseHeaders(headers: IncomingHttpHeaders): string | null {
  // A name that an attacker's name server points to 127.0.0.1 is not a name of this machine.
  const host = hostOf(headers.host ?? '');
  if (host === null || !isLoopbackHost(host)) return 'the request is for a host that is not this machine';
  // A proxy on this machine speaks for others.
  if (PROXIED.some((name) => headers[name] !== undefined)) return 'the request came through a proxy';
  return refuseOrigin(headers);
}

const PROXIED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/** Why a browser was made to send it by a page of another origin; null: nothing says so. */
export function refuseOrigin(headers: IncomingHttpHeaders): string | null {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'a page of another site asked';
  const { origin } = headers;
  if (origin === undefined) return null;
  return originHost(origin) === (headers.host ?? '').toLowerCase() ? null : 'a page of another origin asked';
}

function originHost(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}

/** The name in a `Host` header, without its port; null: it is none. */
function hostOf(header: string): string | null {
  return /^(\[[0-9a-f:.]+\]|[^:[\]/@?#\\\s]+)(?::\d{1,5})?$/i.exec(header)?.[1] ?? null;
}
