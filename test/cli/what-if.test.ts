// `bulkhead what-if` and `expiring` as people use them: answers, dialogues, and every way of asking wrongly.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bulkhead, makeFolder } from './program.ts';
import { AT, SHOP } from './shop.ts';

const WORLD = {
  ...SHOP,
  'policies/more.seg': `language 1
site east : on-prem {}
host esx-1 in east {}
host esx-2 in east {}
host node-a in east { machine node-vm }
vm node-vm on esx-1 { nic shop-net 10.10.1.31 }
invariant closed { never internet -> db }
`,
  'change.seg': `language 1
// A second machine, and a way to it.
clone db-01 as db-02
add to shop: allow admin: web -> db on tcp/22
`,
  'policy.seg': 'language 1\ngroup g = vms\n',
  'broken.seg': 'language 1\nmove web-01 too esx-1\n',
};
const cwd = makeFolder(WORLD);
const ask = (...words: readonly string[]) => bulkhead(['what-if', ...words, '--at', AT], { cwd });
const each = (...statements: readonly string[]) => ask(...statements.flatMap((statement) => ['-e', statement]));
const typed = (...lines: readonly string[]) =>
  bulkhead(['what-if', '--repl', '--at', AT], { cwd, input: `${lines.join('\n')}\n` });

describe('what-if', () => {
  it('shows what is gained and lost, where a rule was put, and what flips', () => {
    const { code, stdout, stderr } = each('add to shop: allow open: internet -> db on tcp/22');
    expect(stderr).toBe('');
    expect(stdout).toContain('shop.open is rule 3 of 4 of shop (tier application, priority 100)');
    expect(stdout).toContain('shop.no-db would have decided part of it otherwise');
    expect(stdout).toContain('+1 row gained, nothing lost');
    expect(stdout).toContain('+ internet -> db-01  tcp/22');
    expect(stdout).toContain('entering: shop.open  (-e:1)');
    expect(stdout).toContain('fails now  test only the web servers reach the database');
    expect(stdout).toContain('fails now  invariant closed');
    expect(code).toBe(1);
  });

  it('makes the statements of a file, and of options after it, in order', () => {
    const { code, stdout, stderr } = ask('change.seg', '-e', 'disable rule shop.admin');
    expect(code).toBe(0);
    expect(stderr).toContain('`db-02` gets `10.10.1.22`');
    expect(stdout).toContain('shop.admin is rule 3 of 4');
    expect(stdout).not.toContain('tcp/22');
    expect(stdout).toContain('web -> db-02  tcp/5432');
  });

  it('goes through time', () => {
    const { stdout } = each('at 2027-03-01');
    expect(stdout).toContain('- web -> db-01  tcp/5432');
    expect(stdout).toContain('fails now  test only the web servers');
  });

  it('says so where a change does nothing to verdicts', () => {
    const { code, stdout, stderr } = each('fail host esx-1', 'move node-vm to esx-2');
    expect(code).toBe(0);
    expect(stdout).toContain('the same flows are allowed');
    expect(stderr).toContain('`fail host esx-1` leaves every verdict as it is');
  });

  it('gives the same as a document', () => {
    const { stdout } = ask('-e', 'remove rule shop.store', '-f', 'json');
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      format: 'bulkhead.what-if/1',
      at: AT,
      changes: ['remove rule shop.store'],
      gained: [],
    });
    expect(document.lost).toHaveLength(1);
    expect(document.flips).toMatchObject([{ kind: 'test', before: 'passed', after: 'failed' }]);
  });

  it.each([
    ['delete ghost', 'check/unknown-in-world', 'there is no workload `ghost`'],
    ['move web-1 to esx-1', 'check/unknown-in-world', 'did you mean `web-01`?'],
    ['move node-vm to node-a', 'change/cyclic-move', '`node-vm` cannot be moved onto itself'],
    ['set web-01 labels tier=webb', 'world/label-value', 'did you mean `web`?'],
    ['remove group db', 'change/group-in-use', '`db` is still used by the rule `shop.store`'],
    ['create vm x { nic shop-net 10.10.1.11 }', 'change/address-taken', '`web-01` has `10.10.1.11` already'],
    ['mvoe web-01 to esx-1', 'syntax/', '-e:1:1'],
    ['deny web -> db on tcp/5432', 'syntax/unexpected', 'add to POLICY: drop NAME: SOURCE -> DESTINATION on SERVICE'],
    ['label web-01 tier=db', 'syntax/unexpected', 'set WORKLOAD labels KEY=VALUE'],
  ])('refuses `%s`', (statement, code, message) => {
    const run = each(statement);
    expect(run.code).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain(code);
    expect(run.stderr).toContain(message);
    expect(readdirSync(cwd).sort()).toEqual(['broken.seg', 'change.seg', 'policies', 'policy.seg']);
  });

  it('makes all of a list or nothing', () => {
    const run = each('delete web-01', 'move web-01 to esx-1');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('-e (2):1:1');
  });

  it.each([
    [[], 'there is no change to ask about'],
    [['nowhere.seg'], 'workspace/'],
    [['policies'], 'write `--in policies` to read it as a layer'],
    [['policy.seg'], 'change/not-a-change'],
    [['broken.seg'], 'broken.seg:2:13'],
    [['-e', 'delete web-01', '--by', 'rack'], '`what-if --by` does not take `rack`'],
    [['-e', 'delete web-01', '--in', 'nowhere'], 'workspace/no-such-path'],
    [['--repl', '-e', 'delete web-01'], '`--repl` takes its changes line by line'],
  ])('refuses %j', (words, message) => {
    const run = ask(...(words as readonly string[]));
    expect(run.code).toBe(2);
    expect(run.stderr + run.stdout).toContain(message);
  });
});

describe('a dialogue', () => {
  it('adds changes up, asks, and takes them back', () => {
    const { code, stdout, stderr } = typed(
      '// nothing',
      'why web-01 -> db-01 on tcp/22',
      'add to shop: allow admin: web -> db on tcp/22',
      'why web-01 -> db-01 on tcp/22',
      'remove rule shop.store',
      'show',
      'flows',
      'undo',
      'undo',
      'undo',
      'show',
      'help',
      'quit',
      'delete ghost',
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const order = [
      'reject',
      '+ web -> db-01  tcp/22',
      'allow',
      '- web -> db-01  tcp/5432',
      '2  remove rule shop.store',
      '2 changes',
      '+1 row gained, -1 row lost',
      'undone: remove rule shop.store',
      'undone: add to shop',
      'there is nothing to undo',
      'no changes',
      'Changes add up',
    ];
    let from = 0;
    for (const text of order) {
      const found = stdout.indexOf(text, from);
      expect(found, text).toBeGreaterThanOrEqual(from);
      from = found + text.length;
    }
  });

  it('that is not typed ends at the first line that cannot be answered', () => {
    const { code, stdout, stderr } = typed('move web-01 to nowhere', 'delete web-01');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('line 1:1:16');
    expect(typed('why web-01 -> ghost on tcp/1').code).toBe(2);
  });

  it('ends with its input', () => {
    expect(typed('delete web-02').code).toBe(0);
    expect(bulkhead(['what-if', '--repl'], { cwd, input: '' })).toMatchObject({ code: 0, stdout: '' });
  });
});

describe('expiring', () => {
  const run = (...words: readonly string[]) => bulkhead(['expiring', 'policies', '--at', AT, ...words], { cwd });

  it('lists what expires, when, and what that closes', () => {
    const { code, stdout } = run('--until', '2027-01-31');
    expect(code).toBe(0);
    expect(stdout).toContain('2027-02-01T00:00:00Z\n  shop.store expires  (policies/main.seg:');
    expect(stdout).toContain('- web -> db-01  tcp/5432');
    expect(stdout).toContain('1 instant until 2027-02-01T00:00:00Z');
  });

  it('says so where nothing does', () => {
    expect(run('--until', '2027-01-30').stdout).toBe(
      'no rule expires and no window opens or closes until 2027-01-31T00:00:00Z\n',
    );
  });

  it('shows once what comes round again', () => {
    const window =
      SHOP['policies/main.seg']?.replace('until 2027-01-31', 'window "Mon-Fri 08:00-17:00 Europe/Zurich"') ?? '';
    const { stdout } = bulkhead(['expiring', '--at', AT, '--until', '2026-11-04'], {
      cwd: makeFolder({ ...SHOP, 'policies/main.seg': window }),
    });
    expect(stdout.match(/- web -> db-01/g)).toHaveLength(1);
    expect(stdout).toContain('2026-11-03T16:00:00Z  the same as at 2026-11-02T16:00:00Z');
    expect(stdout).toContain('5 instants until');
  });

  it.each([
    ['soon', 'does not take `soon`'],
    ['2026-01-01', 'it is before the start'],
    ['2999-01-01', 'it is too far away'],
    ['', 'does not take ``'],
  ])('refuses `--until %s`', (until, message) => {
    const refused = run('--until', until);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(message);
  });
});
