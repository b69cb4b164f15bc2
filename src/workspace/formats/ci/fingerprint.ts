// A name for each finding that stays the same while the file around it changes, so that tools can tell what is new: made
// of the code, the file, the text of the line and the message, never of the line's number.
import { createHash } from 'node:crypto';
import type { Located } from './located.ts';

/** One fingerprint a finding, in their order, all different: the second of two that are alike is counted. */
export function fingerprint(findings: readonly Located[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ finding, path, text }) => {
    const key = JSON.stringify([finding.code, path, text, finding.message]);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return createHash('sha256').update(`${key}${count}`).digest('hex').slice(0, 32);
  });
}
