// The pages of the codes of binding are true: the example of each gives its code, and what it says to do mends it.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bindRoot } from '../../src/bind/bind.ts';
import { importInventory } from '../../src/importers/inventory/import-inventory.ts';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import { checkCodes } from '../../src/text/codes/check.ts';
import { worldCodes } from '../../src/text/codes/world.ts';
import type { Diagnostic } from '../../src/text/diagnostic.ts';
import { makeSource } from '../../src/text/source.ts';

const codes = { ...checkCodes, ...worldCodes };
const page = (code: string): string =>
  readFileSync(new URL(`../../docs/codes/${code.replace('/', '-')}.md`, import.meta.url), 'utf8');

/** The fenced texts of a section, each a file of one root. */
function bindExamples(section: string): readonly Diagnostic[] {
  const fences = [...section.matchAll(/```(seg|yaml)\n([\s\S]*?)```/g)];
  expect(fences.length).toBeGreaterThan(0);
  const files = fences.map(([, language = '', text = ''], i) => ({
    language,
    source: makeSource(`example-${i}`, text),
  }));
  const parsed = files.filter((file) => file.language === 'seg').map((file) => parsePolicyFile(file.source));
  const inventories = files.filter((file) => file.language === 'yaml').map((file) => importInventory(file.source));
  const root = bindRoot(
    parsed.map((file) => file.tree),
    { name: 'example', inventories },
  );
  return [...[...parsed, ...inventories].flatMap((file) => file.diagnostics), ...root.diagnostics];
}

/** What no example on a page can be large enough to show. */
const tooLarge = 'check/too-many-errors';

describe(tooLarge, () => {
  it('ends judging policies after a thousand errors', () => {
    const policies = Array.from({ length: 1200 }, (_, i) => `policy p${i} in nowhere { allow a: any -> any }`);
    const text = `language 1\ntiers { t default drop }\n${policies.join('\n')}\n`;
    const found = bindRoot([parsePolicyFile(makeSource('many.seg', text)).tree], { name: 'many' }).diagnostics;
    const [last] = found.filter((d) => d.code === tooLarge);
    expect(text.slice(last?.span?.start, last?.span?.end)).toBe('p1001');
    expect(found.filter((d) => d.severity === 'error')).toHaveLength(1001);
  });
});

describe.each(Object.entries(codes).filter(([code]) => code !== tooLarge))('%s', (code, { severity }) => {
  const [example = '', advice = ''] = page(code).split('\n## What to do\n');

  it('is what its example shows, and nothing else', () => {
    const found = bindExamples(example);
    expect(found.map((d) => d.code)).toContain(code);
    expect(found.filter((d) => d.code !== code).map((d) => `${d.code}: ${d.message}`)).toEqual([]);
    expect(found.every((d) => d.severity === severity && d.span !== null)).toBe(true);
  });

  it('is mended by what the page says', () => {
    expect(bindExamples(advice).map((d) => `${d.code}: ${d.message}`)).toEqual([]);
  });
});
