// Which enforcement point a client certificate is: by its SPIFFE id (a URI in the subject's alternative names), or where
// that is allowed by its common name. That the certificate is valid and trusted was judged by TLS.
import type { PeerCertificate } from 'node:tls';
import type { AuthConfig } from '../config/auth.ts';

type Certificates = NonNullable<AuthConfig['certificates']>;

/** The id of the point, or why it is none. */
export function pointOfCertificate(
  { subject, subjectaltname }: Pick<PeerCertificate, 'subject' | 'subjectaltname'>,
  { trustDomain, path, commonName }: Certificates,
): { readonly point: string } | { readonly problem: string } {
  const ids = (subjectaltname === undefined ? [] : splitNames(subjectaltname)).filter((name) =>
    name.startsWith('URI:spiffe://'),
  );
  // A SPIFFE certificate has one (SPIFFE X.509-SVID, section 2): of several nobody can say which is meant.
  if (ids.length > 1) return { problem: 'the certificate has several SPIFFE ids' };
  const [id] = ids;
  if (id !== undefined) {
    if (trustDomain === undefined) return { problem: 'no trust domain of SPIFFE ids is configured' };
    const prefix = `URI:spiffe://${trustDomain}${path}`;
    const point = id.startsWith(prefix) ? id.slice(prefix.length) : '';
    if (!isPointId(point)) return { problem: 'the SPIFFE id of the certificate is no point of this trust domain' };
    return { point };
  }
  const name: unknown = commonName ? subject?.CN : undefined;
  if (typeof name === 'string' && isPointId(name)) return { point: name };
  return { problem: commonName ? 'the certificate names no point' : 'the certificate has no SPIFFE id' };
}

/** One segment of a path (SPIFFE-ID, section 2.2), or a name of a host. */
function isPointId(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,253}$/.test(text) && text !== '.' && text !== '..';
}

/** Names are joined by `, `; one that has a comma or a quote in it is written as a JSON string. */
function splitNames(names: string): readonly string[] {
  return [...names.matchAll(/(?:^|, )([A-Za-z ]+:(?:"(?:[^"\\]|\\.)*"|[^,]*))/g)].map(([, name = '']) => name);
}
