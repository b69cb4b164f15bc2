// The example on the page of every code is a dump that triggers it, with the severity that the registry gives.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importNsx } from '../../../src/importers/nsx/import-nsx.ts';
import { nsxCodes } from '../../../src/text/codes/nsx.ts';
import { makeSource } from '../../../src/text/source.ts';

const folder = new URL('../../../docs/codes/', import.meta.url);
const pages = readdirSync(folder).filter((name) => name.startsWith('nsx-'));

it('there is a page for every code', () => {
  expect(pages.length).toBe(Object.keys(nsxCodes).length);
});

describe.each(Object.entries(nsxCodes))('%s', (code, { severity }) => {
  const page = readFileSync(new URL(`${code.replace('/', '-')}.md`, folder), 'utf8');
  const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';

  it('is what its example shows', () => {
    const { diagnostics } = importNsx([makeSource('dump.json', example)], { name: 'dump' });
    const found = diagnostics.filter((diagnostic) => diagnostic.code === code);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(found.map((diagnostic) => diagnostic.severity)).toContain(severity);
  });

  it('is all that is wrong with its example, but for what comes with it', () => {
    const { diagnostics } = importNsx([makeSource('dump.json', example)], { name: 'dump' });
    const others = diagnostics.filter((diagnostic) => diagnostic.code !== code && diagnostic.severity === 'error');
    expect(others).toEqual([]);
  });
});
