// Signs what is given to points, with the keys in a folder as they are now: a rotation is taken up without a restart. Where
// keys that were there cannot be read any more, those that were read go on.

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { type KeyRing, type PublicKeys, publicKeys } from '../../trust/key-ring.ts';
import { readRing } from '../../trust/ring-file.ts';
import { signDetached } from '../../trust/signature.ts';
import type { ServerConfig } from '../config/config.ts';
import { problem } from '../http/problem.ts';

export interface Signer {
  /** The detached JWS of the bytes; null where nothing is signed, on purpose. Throws 503 where it should be and cannot. */
  readonly sign: (bytes: Uint8Array) => Promise<string | null>;
  readonly keys: () => PublicKeys;
}

export function createSigner({ folder, data, bundles }: ServerConfig, log: FastifyBaseLogger): Signer {
  const place = resolve(folder, bundles.keys ?? `${data}/keys`);
  let ring: KeyRing | null = null;
  let seen: string | null = null;

  function current(): KeyRing | null {
    const stamp = stampOf(place);
    if (stamp === seen) return ring;
    seen = stamp;
    const read = readRing(place);
    if (read !== null && 'keys' in read) ring = read;
    else if (read !== null || ring !== null)
      log.error({ folder: place, code: read?.code ?? 'trust/keys-missing' }, 'the keys of bundles cannot be read');
    return ring;
  }

  return {
    async sign(bytes) {
      const keys = current();
      if (keys !== null) return signDetached(bytes, keys);
      if (bundles.unsigned) return null;
      throw problem(503, 'no-keys', 'there are no keys to sign bundles with', {
        help: '`bulkhead keys new` makes them; a point keeps what it has until then',
        headers: { 'retry-after': '30' },
      });
    },
    keys() {
      const keys = current();
      return keys === null ? { keys: [] } : publicKeys(keys);
    },
  };
}

/** What changes when the file does; null: it is not there. */
function stampOf(folder: string): string | null {
  const found = statSync(resolve(folder, 'key-ring.json'), { throwIfNoEntry: false, bigint: true });
  return found === undefined ? null : `${found.ino} ${found.mtimeNs} ${found.mode}`;
}
