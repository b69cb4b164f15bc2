// The pages of the codes of changes are true: the example of each gives its code, and what it says to do mends it.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changeCodes } from '../../../src/text/codes/change.ts';
import type { Diagnostic } from '../../../src/text/diagnostic.ts';
import { changeRoot } from './change-root.ts';

const page = (code: string): string =>
  readFileSync(new URL(`../../../docs/codes/${code.replace('/', '-')}.md`, import.meta.url), 'utf8');

function follow(section: string): readonly Diagnostic[] {
  const [, text = ''] = /```seg\n([\s\S]*?)```/.exec(section) ?? [];
  expect(text).not.toBe('');
  return changeRoot(text).diagnostics;
}

/** Of reading changes rather than making them: bind/question/change-text.test.ts follows its page. */
const READING = 'change/not-a-change';

describe.each(Object.entries(changeCodes).filter(([code]) => code !== READING))('%s', (code, { severity }) => {
  const [example = '', advice = ''] = page(code).split('\n## What to do\n');

  it('is what its example shows', () => {
    const found = follow(example).filter((d) => d.code === code);
    expect(found).not.toEqual([]);
    expect(found.every((d) => d.severity === severity && d.span !== null)).toBe(true);
  });

  it('is mended by what the page says', () => {
    expect(follow(advice).filter((d) => d.code === code || d.severity === 'error')).toEqual([]);
  });
});
