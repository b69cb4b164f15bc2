// Codes of keys and signatures: what must not be used, and why.
// One line a code, sorted; each has a page docs/codes/trust-<name>.md. Assembled in ../../codes.ts.
import type { CodesOf } from '../code-info.ts';

export const trustCodes = {
  'trust/bad-digest': { severity: 'error', summary: 'the content of a bundle has not the digest that it says' },
  'trust/bad-signature': { severity: 'error', summary: 'a signature is not one of these bytes' },
  'trust/keys-exist': { severity: 'error', summary: 'there are keys already' },
  'trust/keys-exposed': { severity: 'error', summary: 'others can read the keys' },
  'trust/keys-missing': { severity: 'error', summary: 'there are no keys' },
  'trust/keys-unreadable': { severity: 'error', summary: 'a file of keys is not what was written' },
  'trust/unknown-key': { severity: 'error', summary: 'something is signed with a key that is not trusted' },
  'trust/unsigned': { severity: 'error', summary: 'something is not signed' },
  'trust/wrong-algorithm': { severity: 'error', summary: 'a signature is of another kind than that of bundles' },
} as const satisfies CodesOf<'trust'>;
