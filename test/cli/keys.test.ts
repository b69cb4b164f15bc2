// Keys on the command line, and bundles that are verified with nothing but files.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/exporters/bundle/canonical.ts';
import type { BundleContent } from '../../src/exporters/bundle/content.ts';
import { delta } from '../../src/exporters/bundle/delta.ts';
import { digestOf } from '../../src/trust/digest.ts';
import { readRing } from '../../src/trust/ring-file.ts';
import { signDetached } from '../../src/trust/signature.ts';
import { bulkhead, makeFolder } from './program.ts';

const empty: BundleContent = { layers: [], rules: [], groups: [], places: [] };
const content: BundleContent = { ...empty, groups: [{ id: 'shop.db', addresses: ['10.0.0.1'] }] };
const head = { format: 'bulkhead.bundle/1', point: 'esx-17', revision: 'r4', seq: 9 };
const snapshotOf = (own: BundleContent) => ({
  ...head,
  kind: 'snapshot',
  digest: digestOf(canonicalText(own)),
  content: own,
});
const change = {
  ...{ ...head, kind: 'delta', base: digestOf(canonicalText(empty)), digestAfter: digestOf(canonicalText(content)) },
  change: delta(empty, content),
};

/** A folder with keys, their public halves, and these documents, each signed. */
async function makeSigned(documents: Readonly<Record<string, unknown>>): Promise<string> {
  const cwd = makeFolder({});
  expect(bulkhead(['keys', 'new', '--keys', 'keys', '-q'], { cwd }).code).toBe(0);
  expect(bulkhead(['keys', 'public', '--keys', 'keys', '-o', 'jwks.json'], { cwd }).code).toBe(0);
  const ring = readRing(join(cwd, 'keys'));
  if (ring === null || 'code' in ring) throw new Error('there are keys');
  for (const [name, document] of Object.entries(documents)) {
    const bytes = Buffer.from(JSON.stringify(document));
    writeFileSync(join(cwd, name), bytes);
    writeFileSync(join(cwd, `${name}.jws`), await signDetached(bytes, ring));
  }
  return cwd;
}

const verify = (cwd: string, ...words: readonly string[]) => bulkhead(['bundle', 'verify', ...words], { cwd });

describe('keys', () => {
  it('are made once, turned over, listed and removed', () => {
    const cwd = makeFolder({});
    const keys = (...words: readonly string[]) => bulkhead(['keys', ...words, '-f', 'json', '-q'], { cwd });
    const states = (text: string): readonly string[] =>
      (JSON.parse(text) as { keys: { state: string }[] }).keys.map(({ state }) => state);
    expect(keys('list').code).toBe(2);
    expect(states(keys('new').stdout)).toEqual(['active', 'next']);
    expect(keys('new').code).toBe(2);
    const before = JSON.parse(keys('list').stdout) as { keys: { kid: string }[] };
    expect(states(keys('rotate').stdout)).toEqual(['retired', 'active', 'next']);
    const after = JSON.parse(keys('list').stdout) as { keys: { kid: string }[] };
    expect(after.keys.slice(0, 2).map(({ kid }) => kid)).toEqual(before.keys.map(({ kid }) => kid));
    expect(keys('remove', after.keys[1]?.kid ?? '').code).toBe(2);
    expect(keys('remove').code).toBe(2);
    expect(states(keys('remove', after.keys[0]?.kid ?? '').stdout)).toEqual(['active', 'next']);
    expect(keys('list', 'what').code).toBe(2);
    expect(keys('renew').stdout).toContain('usage/invalid-value');
  });

  it('show nothing private, whatever is asked', () => {
    const cwd = makeFolder({});
    bulkhead(['keys', 'new'], { cwd });
    const ring = readRing(join(cwd, 'bulkhead-data/keys'));
    if (ring === null || 'code' in ring) throw new Error('there are keys');
    const runs = [['list'], ['public'], ['list', '-f', 'json'], ['rotate'], ['list', '-v']];
    const said = runs.map((words) => bulkhead(['keys', ...words], { cwd })).map((run) => run.stdout + run.stderr);
    expect(said.join('')).toContain(ring.keys[0]?.kid);
    for (const { d } of ring.keys) expect(said.join('')).not.toContain(d);
  });
});

describe('a bundle in a file', () => {
  it('is verified by its signature and its digest', async () => {
    const cwd = await makeSigned({ 'esx.json': snapshotOf(content) });
    const run = verify(cwd, 'esx.json', '--keys', 'jwks.json');
    expect(run.stderr).toBe('');
    expect(run.stdout).toMatch(/^snapshot for esx-17, r4, number 9\nsigned with \S{43}\nsha256:[0-9a-f]{64}\n$/);
    const document = JSON.parse(verify(cwd, 'esx.json', '--keys', 'jwks.json', '-f', 'json').stdout);
    expect(document).toMatchObject({ format: 'bulkhead.verified/1', isDigestChecked: true, seq: 9 });
  });

  it('still counts after its key was rotated, by the new set of keys', async () => {
    const cwd = await makeSigned({ 'esx.json': snapshotOf(content) });
    bulkhead(['keys', 'rotate', '--keys', 'keys'], { cwd });
    bulkhead(['keys', 'public', '--keys', 'keys', '-o', 'later.json'], { cwd });
    expect(verify(cwd, 'esx.json', '--keys', 'later.json').code).toBe(0);
  });

  it('is refused with one byte changed, and unsigned unless that is allowed', async () => {
    const cwd = await makeSigned({ 'esx.json': snapshotOf(content) });
    const text = readFileSync(join(cwd, 'esx.json'), 'utf8');
    writeFileSync(join(cwd, 'changed.json'), text.replace('10.0.0.1', '10.0.0.2'));
    const changed = verify(cwd, 'changed.json', '--keys', 'jwks.json', '--signature', 'esx.json.jws');
    expect([changed.code, changed.stderr]).toEqual([2, expect.stringContaining('[trust/bad-signature]')]);
    const bare = verify(cwd, 'changed.json', '--keys', 'jwks.json');
    expect([bare.code, bare.stderr]).toEqual([2, expect.stringContaining('[trust/unsigned]')]);
    // A signature is not enough, and no signature is no pass: the digest must be right as well.
    const allowed = verify(cwd, 'changed.json', '--allow-unsigned');
    expect([allowed.code, allowed.stderr]).toEqual([2, expect.stringContaining('[trust/bad-digest]')]);
    writeFileSync(join(cwd, 'same.json'), text);
    expect(verify(cwd, 'same.json', '--allow-unsigned').stdout).toContain('not signed');
    // One that lies beside it is looked at, allowed or not.
    writeFileSync(join(cwd, 'same.json.jws'), 'x');
    expect(verify(cwd, 'same.json', '--allow-unsigned', '--keys', 'jwks.json').code).toBe(2);
  });

  it('that is a delta is held against its base where that is named', async () => {
    const cwd = await makeSigned({
      'base.json': snapshotOf(empty),
      'other.json': snapshotOf(content),
      'delta.json': change,
      'wrong.json': { ...change, digestAfter: digestOf('') },
    });
    const keys = ['--keys', 'jwks.json'];
    expect(verify(cwd, 'delta.json', ...keys).stdout).toContain('not computed');
    expect(verify(cwd, 'delta.json', ...keys, '--base', 'base.json').stdout).not.toContain('not computed');
    expect(verify(cwd, 'delta.json', ...keys, '--base', 'other.json').stderr).toContain('was not made from');
    expect(verify(cwd, 'wrong.json', ...keys, '--base', 'base.json').stderr).toContain('another content');
    expect(verify(cwd, 'delta.json', ...keys, '--base', 'delta.json').code).toBe(2);
  });

  it('that is something else, or is not there, is said to be', async () => {
    const cwd = await makeSigned({ 'a.json': { ...snapshotOf(content), more: 1 }, 'b.json': [] });
    for (const name of ['a.json', 'b.json'])
      expect(verify(cwd, name, '--keys', 'jwks.json').stderr).toContain('is no bundle');
    expect(verify(cwd, 'c.json', '--keys', 'jwks.json').stderr).toContain('cannot be read');
    expect(verify(cwd, 'a.json').stderr).toContain('no keys are named');
    expect(verify(cwd, 'a.json', '--keys', 'b.json').stderr).toContain('is no set of keys');
    expect(verify(cwd).code).toBe(2);
    expect(verify(cwd, 'a.json', 'b.json').code).toBe(2);
  });
});
