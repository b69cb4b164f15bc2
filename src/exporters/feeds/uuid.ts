// Names → UUIDs of version 5 (RFC 9562 §5.5): the same name has the same id on every server and after every restart.
// The hash comes by parameter, because nothing on this floor computes one.

/** SHA-1 of bytes: 20 bytes. */
export type Sha1 = (bytes: Uint8Array) => Uint8Array;

/** The namespace of the names of feeds: an id made once, at random, for this purpose. */
export const FEED_NAMESPACE = 'b1e5a1f0-6c0e-4f8d-9d5b-2f3c7a90d6e4';

/** The UUID of a name in a namespace, as text in lower case. */
export function uuid5(namespace: string, name: string, sha1: Sha1): string {
  const digits = namespace.replaceAll('-', '');
  const prefix = Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
  const text = new TextEncoder().encode(name);
  const input = new Uint8Array(prefix.length + text.length);
  input.set(prefix);
  input.set(text, prefix.length);
  const bytes = sha1(input).slice(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
