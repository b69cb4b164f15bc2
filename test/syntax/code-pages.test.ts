// The pages of the codes of syntax are true: the example of each gives its code, and what it says to do mends it.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import { syntaxCodes } from '../../src/text/codes/syntax.ts';
import type { Diagnostic } from '../../src/text/diagnostic.ts';

/** What a page cannot show: characters without a shape, and files that fill no page. */
const SAMPLES: Readonly<Record<string, string>> = {
  'syntax/bidirectional-control': 'group web = workloads where app == shop // \u202e and tier == web\n',
  'syntax/control-character': 'group web\u200b = workloads where app == shop\n',
  'syntax/invalid-utf8': 'group caf\ufffd = workloads where app == shop\n',
  'syntax/too-deep': `group web = ${'('.repeat(65)}a${')'.repeat(65)}\n`,
  'syntax/too-large': 'group web = workloads\n'.repeat(420_000),
  'syntax/too-long': `group ${'a'.repeat(5000)} = workloads\n`,
  'syntax/too-many-errors': 'permit ip any any\n'.repeat(60),
};

const fenceOf = (section: string): string => /```seg\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
const diagnose = (text: string): readonly Diagnostic[] => parsePolicyFile({ name: 'example.seg', text }).diagnostics;

describe.each(Object.entries(syntaxCodes))('%s', (code, { severity }) => {
  const file = new URL(`../../docs/codes/${code.replace('/', '-')}.md`, import.meta.url);
  const [example = '', advice = ''] = readFileSync(file, 'utf8').split('\n## What to do\n');

  it('is what its example shows', () => {
    const found = diagnose(SAMPLES[code] ?? fenceOf(example)).filter((d) => d.code === code);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((d) => d.severity === severity && d.span !== null)).toBe(true);
  });

  if (code !== 'syntax/too-many-errors')
    it('comes alone, so that one mistake is one message', () => {
      expect(diagnose(SAMPLES[code] ?? fenceOf(example)).map((d) => d.code)).toEqual([code]);
    });

  it('is mended by what the page says', () => {
    expect(fenceOf(advice)).not.toBe('');
    expect(diagnose(fenceOf(advice))).toEqual([]);
  });
});
