// The pages of the codes of projects are true: the example of each gives its code, and what it says to do mends it.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkGrants } from '../../../src/engine/projects/check-grants.ts';
import { bindProvider } from '../../../src/engine/projects/estate.ts';
import { readGrants } from '../../../src/engine/projects/read-grants.ts';
import { projectCodes } from '../../../src/text/codes/server/project.ts';
import type { Diagnostic } from '../../../src/text/diagnostic.ts';
import { COMMON, grants, judge, PROVIDER, parts, provider } from './two-projects.ts';

const page = (code: string): string =>
  readFileSync(new URL(`../../../docs/codes/${code.replace('/', '-')}.md`, import.meta.url), 'utf8');

/** The one fenced text of a section: what project `shop` writes, or the provider, or the configuration. */
function follow(code: string, section: string): readonly Diagnostic[] {
  const [, language = '', text = ''] = /```(seg|yaml)\n([\s\S]*?)```/.exec(section) ?? [];
  expect(text).not.toBe('');
  if (code === 'project/grant') {
    const read = readGrants(parse(text));
    return [...read.diagnostics, ...checkGrants(read.grants, [provider.layer])];
  }
  if (code === 'project/reserved') {
    const base = text.includes('label project') ? PROVIDER.replace('label project\n', '') : PROVIDER;
    const { layer, diagnostics } = bindProvider(parts([base, COMMON, text], []), { name: 'policies', beside: [] });
    return [...diagnostics, ...checkGrants(grants, [layer])];
  }
  return judge('shop', language === 'seg' ? [text] : [], language === 'yaml' ? [text] : []).diagnostics;
}

describe.each(Object.entries(projectCodes))('%s', (code, { severity }) => {
  const [example = '', advice = ''] = page(code).split('\n## What to do\n');

  it('is what its example shows, and nothing else', () => {
    const found = follow(code, example);
    expect(found.map((d) => d.code)).toContain(code);
    expect(found.filter((d) => d.code !== code).map((d) => `${d.code}: ${d.message}`)).toEqual([]);
    expect(found.every((d) => d.severity === severity && (d.span !== null || code === 'project/grant'))).toBe(true);
  });

  it('is mended by what the page says', () => {
    expect(follow(code, advice).map((d) => `${d.code}: ${d.message}`)).toEqual([]);
  });
});
