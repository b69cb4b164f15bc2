// Whether a server of this configuration would let anybody in whom it cannot know, or nobody at all: judged before it
// listens. What is doubtful keeps it from starting.
import { type Diagnostic, error, note } from '../../text/diagnostic.ts';
import type { ServerConfig } from '../config/config.ts';
import { isLoopbackHost } from './loopback.ts';

/** Errors, and a note that says it where whoever is on this machine needs no credentials. */
export function checkAuth({ auth, listen, tls }: ServerConfig): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const refuse = (message: string, help: string): void => {
    found.push(error('config/invalid-value', message, null, { help }));
  };
  const isLocal = isLoopbackHost(listen.host);
  const hasCertificates = auth.certificates !== undefined;
  const where = `\`${listen.host}\` can be reached from other machines`;
  if (!isLocal && tls === undefined && !listen.plaintext) {
    refuse(
      `${where}, and nothing is encrypted`,
      'give `tls`, or `listen.plaintext: true` behind a proxy that ends TLS',
    );
  }
  if (!isLocal && auth.issuers.length === 0 && !hasCertificates) {
    refuse(`${where}, and nobody could show who they are`, 'give `auth.issuers` or `auth.certificates`');
  }
  if (hasCertificates && tls?.clientCa === undefined) {
    refuse('`auth.certificates` needs the authorities of the certificates', 'give `tls.clientCa`');
  }
  if (!hasCertificates && tls?.clientCa !== undefined) {
    refuse('`tls.clientCa` asks for certificates that nothing is made of', 'give `auth.certificates`, or leave it out');
  }
  if (auth.certificates?.trustDomain === undefined && auth.certificates?.commonName === false) {
    refuse('`auth.certificates` accepts no certificate', 'give `trustDomain`, or `commonName: true`');
  }
  for (const { issuer, jwksUrl } of auth.issuers) {
    if (jwksUrl === undefined || isSafeUrl(jwksUrl)) continue;
    refuse(`the keys of \`${issuer}\` would be fetched in the clear`, 'give a `jwksUrl` with `https://`');
  }
  const names = auth.issuers.map(({ issuer }) => issuer);
  for (const issuer of new Set(names.filter((name, i) => names.indexOf(name) !== i))) {
    refuse(`issuer \`${issuer}\` is given twice`, 'give each issuer once');
  }
  if (isLocal && auth.loopback.length > 0) {
    const roles = auth.loopback.map((role) => `\`${role}\``).join(', ');
    found.push(
      note('server/open-loopback', `whoever is on this machine needs no credentials and has the roles ${roles}`, null, {
        help: '`auth.loopback: []` asks everybody for credentials',
      }),
    );
  }
  return found;
}

/** Encrypted, or not leaving this machine. */
function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || isLoopbackHost(hostname);
}
