// Which point a client certificate is; whether it is trusted is TLS's matter (test/system).

import { describe, expect, it } from 'vitest';
import { pointOfCertificate } from '../../../src/server/auth/certificate.ts';

const spiffe = { trustDomain: 'prod.example', path: '/point/', commonName: false };
const named = { trustDomain: undefined, path: '/point/', commonName: true };
const of = (
  subjectaltname: string | undefined,
  config: Parameters<typeof pointOfCertificate>[1] = spiffe,
  CN = 'esx-9',
) => {
  const found = pointOfCertificate({ subject: { CN }, subjectaltname } as never, config);
  return 'point' in found ? found.point : null;
};

describe('a certificate', () => {
  it('is the point of its SPIFFE id', () => {
    expect(of('URI:spiffe://prod.example/point/esx-1')).toBe('esx-1');
    expect(of('DNS:esx-1.example, URI:spiffe://prod.example/point/esx-1, IP Address:10.0.0.1')).toBe('esx-1');
  });

  it('is none with the id of another trust domain, another path, or more than an id', () => {
    for (const id of [
      'spiffe://other.example/point/esx-1',
      'spiffe://prod.example.evil/point/esx-1',
      'spiffe://prod.example/user/esx-1',
      'spiffe://prod.example/point/',
      'spiffe://prod.example/point/esx-1/more',
      'spiffe://prod.example/point/..',
      'spiffe://prod.example/point/a%2fb',
      'SPIFFE://prod.example/point/esx-1',
    ]) {
      expect([id, of(`URI:${id}`)]).toEqual([id, null]);
    }
  });

  it('is none with two ids, or with a name that only looks like one', () => {
    expect(of('URI:spiffe://prod.example/point/esx-1, URI:spiffe://prod.example/point/esx-2')).toBe(null);
    // A DNS name with a comma in it is written in quotes.
    expect(of('DNS:"x, URI:spiffe://prod.example/point/esx-1"')).toBe(null);
    expect(of('DNS:URI:spiffe://prod.example/point/esx-1')).toBe(null);
  });

  it('is the point of its common name only where that is allowed', () => {
    expect(of(undefined, named)).toBe('esx-9');
    expect(of('DNS:esx-9.example', named)).toBe('esx-9');
    expect(of(undefined)).toBe(null);
    expect(of(undefined, named, '../esx-9')).toBe(null);
    expect(of(undefined, named, ['a', 'b'] as never)).toBe(null);
    // One that has a SPIFFE id is that, or nobody.
    expect(of('URI:spiffe://prod.example/point/esx-1', named)).toBe(null);
    expect(of('URI:spiffe://other.example/point/esx-1', { ...spiffe, commonName: true })).toBe(null);
  });
});
