// A key ring on disk: nobody else can read it, and what is not understood is refused and not replaced.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRing, rotate } from '../../src/trust/key-ring.ts';
import { readRing, writeRing } from '../../src/trust/ring-file.ts';

const at = Date.UTC(2026, 0, 1);
const newFolder = (): string => join(mkdtempSync(join(tmpdir(), 'ring-')), 'keys');
const codeOf = (folder: string): string | null => {
  const ring = readRing(folder);
  return ring !== null && 'code' in ring ? ring.code : null;
};

describe('a key ring in a folder', () => {
  it('is read as it was written, and only its owner can', async () => {
    const folder = newFolder();
    expect(readRing(folder)).toBeNull();
    const ring = await rotate(await makeRing(at), at + 5);
    writeRing(folder, ring);
    expect(readRing(folder)).toEqual(ring);
    expect(readdirSync(folder)).toEqual(['key-ring.json']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'key-ring.json')).mode & 0o777).toBe(0o600);
  });

  it('that others can read is refused', async () => {
    const folder = newFolder();
    writeRing(folder, await makeRing(at));
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(join(folder, 'key-ring.json'), mode);
      expect(codeOf(folder)).toBe('trust/keys-exposed');
    }
  });

  it('that is not what was written is refused', async () => {
    const folder = newFolder();
    writeRing(folder, await makeRing(at));
    const path = join(folder, 'key-ring.json');
    const text = readFileSync(path, 'utf8');
    const changed = (from: string | RegExp, to: string): string => {
      expect(text).toMatch(from);
      return text.replace(from, to);
    };
    const broken = [
      '',
      text.slice(0, -20),
      '[]',
      changed('key-ring/1', 'key-ring/2'),
      changed('"active"', '"next"'),
      changed('"active"', '"signing"'),
      changed(/"d": "[^"]*"/, '"d": null'),
      changed(/"createdAt": "[^"]*"/, '"createdAt": "soon"'),
    ];
    for (const other of broken) {
      writeFileSync(path, other);
      expect(codeOf(folder), other.slice(0, 40)).toBe('trust/keys-unreadable');
      expect(readFileSync(path, 'utf8')).toBe(other);
    }
  });

  it('stays as it was where the new one cannot be written', async () => {
    const folder = newFolder();
    const ring = await makeRing(at);
    writeRing(folder, ring);
    const blocked = join(folder, 'key-ring.json', 'below');
    expect(() => writeRing(blocked, ring)).toThrow();
    expect(existsSync(join(folder, 'key-ring.json'))).toBe(true);
    expect(readRing(folder)).toEqual(ring);
  });
});
