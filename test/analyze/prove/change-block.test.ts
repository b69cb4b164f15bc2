// Change blocks: what changes open and close, exactly, and nothing else.
import { describe, expect, it } from 'vitest';
import { runAll } from './kit.ts';

const RULES = `
  allow a: web -> api on tcp/80-90
  drop  no: any -> db
  allow b: api -> db on tcp/5432
`;

const run = (block: string): readonly string[] => runAll(RULES, `change "c" {\n${block}\n}`);

describe('a change block', () => {
  it('holds where the changes open exactly what it says', () => {
    expect(run('add to p first: allow c: api -> db on tcp/6379\nopens api -> db on tcp/6379')).toEqual(['holds']);
  });

  it('says what else is opened, with the rule that does it', () => {
    expect(run('add to p first: allow c: api -> db on tcp/6379-6380\nopens api -> db on tcp/6379')).toEqual([
      'holds',
      'the change also opens flows beside what it says',
      '  api-1 -> db-1 6/6380: allow by p.c',
    ]);
  });

  it('says what is not opened: denied after the change, or allowed before it', () => {
    expect(run('add to p last: allow c: api -> db on tcp/6379\nopens api -> db on tcp/6379')).toEqual([
      'the change does not open all of it',
      '  api-1 -> db-1 6/6379: drop by p.no (as before the change)',
    ]);
    expect(run('add to p first: allow c: web -> api on tcp/91\nopens web -> api on tcp/90-91')).toEqual([
      'the change does not open all of it',
      '  web-1 -> api-1 6/90: allow by p.a (as before the change)',
    ]);
  });

  it('counts what is closed against those that were meant before the change', () => {
    const moved = 'set web-1 labels tier=db\n';
    expect(run(`${moved}closes some web -> api on tcp/80-90`)).toEqual(['holds']);
    expect(run(`${moved}closes workload web-1 -> api on tcp/80-90`)).toEqual(['holds']);
    expect(run(moved)).toEqual(['the change also closes flows', '  web-1 -> api-1 6/80: drop by -']);
    expect(run(`${moved}closes web -> api on tcp/80-90`)).toEqual([
      'the change does not close all of it',
      '  web-2 -> api-1 6/80: allow by p.a (as before the change)',
    ]);
  });

  it('counts who is created by it and who is gone', () => {
    expect(
      run('create vm web-3 { nic n 10.0.0.13  labels tier=web }\nopens workload web-3 -> api on tcp/80-90'),
    ).toEqual(['holds']);
    expect(run('delete web-2')).toEqual([
      'the change also closes flows',
      expect.stringContaining('web-2 -> api-1 6/80'),
    ]);
  });

  it('without a line promises that nothing opens or closes', () => {
    expect(run('add to p last: allow c: api -> db on tcp/6379')).toEqual([]);
  });

  it('asks which rule decides, where it says so', () => {
    const add = 'add to p first: allow c: api -> db on tcp/6379\n';
    expect(run(`${add}opens api -> db on tcp/6379 by c`)).toEqual(['holds']);
    expect(run(`${add}opens api -> db on tcp/6379 by b`)).toEqual(['it is not `p.b` that decides: decided by `p.c`']);
  });

  it('about nobody is not met, and one that cannot be made says why', () => {
    expect(run('opens nobody -> db on tcp/1')).toEqual(['it speaks of no pair']);
    expect(run('remove rule b\nremove rule b')).toEqual([expect.stringContaining('b')]);
  });
});
