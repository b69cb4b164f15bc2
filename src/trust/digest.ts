// The digest of what is handed out, as it is written everywhere: `sha256:` and 64 hexadecimal digits.
import { createHash } from 'node:crypto';

/** Of a text in UTF-8, or of bytes. */
export function digestOf(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
