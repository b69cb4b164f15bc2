// The log of what points were told: numbers that never go back, whatever was cut off, lost or restored.
import { appendFileSync, mkdtempSync, readFileSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type IssuedLog, openIssued } from '../../src/trust/issued.ts';

const newFolder = (): string => join(mkdtempSync(join(tmpdir(), 'issued-')), 'bundles');
const file = (folder: string): string => join(folder, 'issued.jsonl');

function again(folder: string, log: IssuedLog): IssuedLog {
  log.close();
  return openIssued(folder);
}

describe('what a point was told', () => {
  it('has a number that stays with it, and the next thing a higher one', () => {
    const log = openIssued(newFolder());
    expect(log.last('a')).toBeNull();
    expect(log.issue('a', 'd1', 'r1', 0)).toEqual({ digest: 'd1', seq: 1, revision: 'r1' });
    expect(log.issue('a', 'd1', 'r5', 90)).toEqual({ digest: 'd1', seq: 1, revision: 'r1' });
    expect(log.issue('a', 'd2', 'r5', 0).seq).toBe(2);
    expect(log.issue('a', 'd1', 'r6', 0).seq).toBe(3);
    expect(log.issue('a', 'd2', 'r7', 40).seq).toBe(41);
    // Another point counts by itself.
    expect(log.issue('b', 'd1', 'r7', 0).seq).toBe(1);
    log.close();
  });

  it('is known after a restart', () => {
    const folder = newFolder();
    let log = openIssued(folder);
    log.issue('a', 'd1', 'r1', 6);
    log.issue('b', 'd2', 'r1', 0);
    log = again(folder, log);
    expect([log.last('a'), log.last('b')?.seq]).toEqual([{ digest: 'd1', seq: 7, revision: 'r1' }, 1]);
    expect(log.issue('a', 'd9', 'r1', 0).seq).toBe(8);
    log.close();
  });

  it('is on the disk before it is told', () => {
    const folder = newFolder();
    const log = openIssued(folder);
    log.issue('a', 'd1', 'r1', 0);
    expect(readFileSync(file(folder), 'utf8')).toBe('["a","d1",1,"r1"]\n');
    log.close();
  });

  it('is what stands before the line that was cut off, wherever it was', () => {
    for (let cut = 1; cut < 18; cut++) {
      const folder = newFolder();
      let log = openIssued(folder);
      log.issue('a', 'd1', 'r1', 0);
      log.issue('a', 'd2', 'r2', 0);
      log.close();
      truncateSync(file(folder), 2 * 18 - cut);
      log = openIssued(folder);
      expect(log.last('a')).toEqual({ digest: 'd1', seq: 1, revision: 'r1' });
      log.issue('a', 'd3', 'r3', 0);
      log = again(folder, log);
      expect(log.last('a')).toEqual({ digest: 'd3', seq: 2, revision: 'r3' });
      log.close();
    }
  });

  it('is not taken from what is no line of it', () => {
    const folder = newFolder();
    let log = openIssued(folder);
    log.issue('a', 'd1', 'r1', 0);
    log.close();
    appendFileSync(file(folder), '["a","d2","2","r2"]\n["a","d3",3,"r3"]\n');
    log = openIssued(folder);
    expect(log.last('a')?.seq).toBe(1);
    log.close();
  });

  it('takes no more room than what counts, from time to time', () => {
    const folder = newFolder();
    let log = openIssued(folder);
    for (let n = 0; n < 100; n++) log.issue('a', `d${n}`, 'r1', 0);
    log.issue('b', 'd', 'r1', 0);
    const before = readFileSync(file(folder)).length;
    log = again(folder, log);
    expect(readFileSync(file(folder)).length).toBeLessThan(before / 10);
    expect([log.last('a')?.seq, log.last('b')?.seq]).toEqual([100, 1]);
    expect(log.issue('a', 'e', 'r2', 0).seq).toBe(101);
    log = again(folder, log);
    expect(log.last('a')?.seq).toBe(101);
    log.close();
  });
});
