// What is signed, what is refused, and why: a signature counts for exactly the bytes, by a key that is trusted, of the one
// kind that bundles have.
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeRing, publicKeys, removeKey, rotate } from '../../src/trust/key-ring.ts';
import { readPublicKeys, signDetached, verifyDetached } from '../../src/trust/signature.ts';

const bytes = Buffer.from('{"format":"bulkhead.bundle/1"}\n');
const at = Date.UTC(2026, 0, 1);
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function outcome(signature: string | null, content: Uint8Array = bytes, keys = trusted): Promise<string> {
  const verified = await verifyDetached(content, signature, keys);
  return 'kid' in verified ? 'verified' : verified.code;
}

const ring = await makeRing(at);
const trusted = publicKeys(ring);
const signature = await signDetached(bytes, ring);
const [header = '', , proof = ''] = signature.split('.');
const read = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };

describe('a signature', () => {
  it('is a detached JWS over the bytes as they are', async () => {
    expect(read).toEqual({
      alg: 'EdDSA',
      b64: false,
      crit: ['b64'],
      kid: ring.keys[0]?.kid,
      typ: 'bulkhead-bundle+jws',
    });
    expect(signature.split('.')[1]).toBe('');
    expect(await verifyDetached(bytes, signature, trusted)).toEqual({ kid: read.kid });
    expect(await outcome(`${signature}\n`)).toBe('verified');
  });

  it('counts for no other byte, wherever it is', async () => {
    for (let at = 0; at < bytes.length; at++) {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] as number) ^ 1;
      expect(await outcome(signature, altered)).toBe('trust/bad-signature');
    }
    expect(await outcome(signature, bytes.subarray(1))).toBe('trust/bad-signature');
    expect(await outcome(signature, Buffer.concat([bytes, bytes]))).toBe('trust/bad-signature');
  });

  it('does not count once it is altered, cut or missing', async () => {
    const flipped = `${proof[0] === 'A' ? 'B' : 'A'}${proof.slice(1)}`;
    expect(await outcome(`${header}..${flipped}`)).toBe('trust/bad-signature');
    expect(await outcome(`${header}..${proof.slice(0, -4)}`)).toBe('trust/bad-signature');
    expect(await outcome(`${header}..`)).toBe('trust/bad-signature');
    expect(await outcome(`${header}.${Buffer.from(bytes).toString('base64url')}.${proof}`)).toBe('trust/bad-signature');
    expect(await outcome('what is this')).toBe('trust/bad-signature');
    expect(await outcome(null)).toBe('trust/unsigned');
    expect(await outcome('  ')).toBe('trust/unsigned');
  });

  it('counts by a key that is trusted only', async () => {
    expect(await outcome(signature, bytes, publicKeys(await makeRing(at)))).toBe('trust/unknown-key');
    expect(await outcome(signature, bytes, { keys: [] })).toBe('trust/unknown-key');
  });

  it('does not count for another key under the same name', async () => {
    const [other] = publicKeys(await makeRing(at)).keys;
    const renamed = { keys: [{ ...(other as NonNullable<typeof other>), kid: read.kid }] };
    expect(await outcome(signature, bytes, renamed)).toBe('trust/bad-signature');
  });

  it('of no algorithm, or of a shared secret, is refused before any key is looked at', async () => {
    const claims = { b64: false, crit: ['b64'], kid: read.kid, typ: 'bulkhead-bundle+jws' };
    for (const alg of ['none', 'HS256', 'HS512', 'RS256', 'ES256', 'Ed448', '']) {
      const own = encode({ alg, ...claims });
      expect(await outcome(`${own}..${proof}`), alg).toBe('trust/wrong-algorithm');
      expect(await outcome(`${own}..`), alg).toBe('trust/wrong-algorithm');
    }
    // The public key as the secret of a MAC, as confused libraries take it.
    const own = encode({ alg: 'HS256', ...claims });
    const mac = createHmac('sha256', Buffer.from(trusted.keys[0]?.x ?? '', 'base64url'));
    mac.update(`${own}.`).update(bytes);
    expect(await outcome(`${own}..${mac.digest('base64url')}`)).toBe('trust/wrong-algorithm');
  });

  it('of something else that the same key signed is refused', async () => {
    const own = encode({ alg: 'EdDSA', b64: false, crit: ['b64'], kid: read.kid, typ: 'JWT' });
    expect(await outcome(`${own}..${proof}`)).toBe('trust/wrong-algorithm');
    // Without `b64` the payload would be another.
    expect(await outcome(`${encode({ ...read, b64: true })}..${proof}`)).toBe('trust/wrong-algorithm');
  });
});

describe('keys', () => {
  it('that signed before go on verifying after a rotation, and the next one is known before it signs', async () => {
    const later = await rotate(ring, at + 1000);
    const known = publicKeys(later);
    expect(later.keys.map(({ state }) => state)).toEqual(['retired', 'active', 'next']);
    expect(await outcome(signature, bytes, known)).toBe('verified');
    // Who took the keys before the rotation takes what is signed after it.
    expect(await outcome(await signDetached(bytes, later), bytes, trusted)).toBe('verified');
    expect(later.keys[0]?.d).toBeNull();
  });

  it('that are removed do not count any more, and only retired ones can be', async () => {
    const later = await rotate(ring, at + 1000);
    const old = ring.keys[0]?.kid ?? '';
    const without = removeKey(later, old);
    expect(without?.keys.map(({ state }) => state)).toEqual(['active', 'next']);
    expect(await outcome(signature, bytes, publicKeys(without ?? later))).toBe('trust/unknown-key');
    expect(removeKey(later, later.keys[1]?.kid ?? '')).toBeNull();
    expect(removeKey(later, 'nobody')).toBeNull();
  });

  it('are published without anything private', () => {
    expect(Object.keys(trusted.keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    for (const { d } of ring.keys) expect(JSON.stringify(trusted)).not.toContain(d);
  });

  it('of a JWKS are read, those of other kinds left out', () => {
    const others = [
      { kty: 'oct', k: 'AAAA', kid: 'a' },
      { kty: 'OKP', crv: 'Ed25519', x: 'x', kid: 'b', use: 'enc' },
      null,
      7,
    ];
    expect(readPublicKeys(JSON.stringify({ keys: [...others, ...trusted.keys] }))).toEqual(trusted);
    for (const text of ['', '[]', '{}', '{"keys":{}}', 'null']) expect(readPublicKeys(text)).toBeNull();
  });
});
