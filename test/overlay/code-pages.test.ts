// The pages of the codes of fabrics are true: what they show gives the code that they explain, at a place in it.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkFabric } from '../../src/overlay/fabric/check-fabric.ts';
import { codes } from '../../src/text/codes.ts';
import { fabricOf } from './fabric-of.ts';
import { TWO_SITES } from './two-sites.ts';

const shown = Object.keys(codes).filter((code) => code.startsWith('fabric/'));

it.each(shown)('%s', (code) => {
  const page = readFileSync(`docs/codes/${code.replace('/', '-')}.md`, 'utf8');
  const [, language, text = ''] = /```(\w+)\n([\s\S]*?)```/.exec(page) ?? [];
  const written = language === 'yaml' ? { inventory: text.replace(/^format: .*\n/, '') } : { seg: text };
  const found = checkFabric(fabricOf(written)).filter((diagnostic) => diagnostic.code === code);
  expect(found).toHaveLength(1);
  expect(found[0]?.span).not.toBeNull();
});

it('a fabric that is right has none', () => {
  expect(shown.length).toBeGreaterThan(10);
  expect(checkFabric(fabricOf(TWO_SITES))).toEqual([]);
});
