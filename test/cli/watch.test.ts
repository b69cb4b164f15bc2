// `watch` as a person uses it: the real program, files changed under it in the ways of editors, what it prints, how it
// ends.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bulkhead, makeFolder, start } from './program.ts';
import { AT, SHOP } from './shop.ts';

const main = SHOP['policies/main.seg'] ?? '';

/** Runs `watch` in a folder and hands out what it prints, round by round: each ends with a line of its outcome. */
function watchIn(cwd: string) {
  const child = start(['watch', '--at', AT], { cwd });
  let output = '';
  let errors = '';
  let read = 0;
  child.stdout?.on('data', (data) => {
    output += data;
  });
  child.stderr?.on('data', (data) => {
    errors += data;
  });
  const until = async (found: () => boolean): Promise<void> => {
    const give = Date.now() + 25_000;
    while (!found()) {
      if (Date.now() > give) throw new Error(`nothing came; so far:\n${output}\n${errors}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    errors: () => errors,
    round: async (): Promise<string> => {
      const end = /\n(passed|failed)[^\n]*\n\n/g;
      end.lastIndex = read;
      await until(() => {
        end.lastIndex = read;
        return end.test(output);
      });
      const text = output.slice(read, end.lastIndex);
      read = end.lastIndex;
      return text;
    },
    waits: () => until(() => errors.includes('waiting for changes')),
    interrupt: () =>
      new Promise<number | null>((resolve) => {
        child.once('exit', resolve);
        child.kill('SIGINT');
      }),
    rest: () => output.slice(read),
  };
}

describe('watch', () => {
  it('judges again after each change, shows what it does to flows, and ends with 130', async () => {
    const cwd = makeFolder(SHOP);
    const path = join(cwd, 'policies/main.seg');
    const program = watchIn(cwd);
    expect(await program.round()).toMatch(/^ok {4}check {2}no findings[^\n]*\nok {4}tests {2}1 passed\n\npassed\n/);
    await program.waits();

    writeFileSync(path, main.replace('postgres = tcp/5432', 'postgres = tcp/5432-5433'));
    const wider = await program.round();
    expect(wider).toMatch(/^changed: policies\/main\.seg\n/);
    expect(wider).toContain('1 opened, 0 closed against `before`');
    expect(wider).toMatch(/\n\+ web -> db-01 {2}tcp\/5433 {2}allow by `shop\.store`/);

    // An editor writes a new file and puts it in the place of the old, again and again.
    for (const [text, expected] of [
      [main, '0 opened, 1 closed against `before`'],
      [main.replace('web -> db on postgres', 'wbe -> db on postgres'), 'error[check/unknown-group]'],
      [`${main}\ntest "open" {\n  allow db -> web on tcp/1\n}\n`, 'FAIL  open'],
      [main.replace('tcp/443', 'tcp/80'), '1 opened, 1 closed against `before`'],
    ] as const) {
      writeFileSync(join(cwd, 'policies/.main.seg.swp'), text);
      renameSync(join(cwd, 'policies/.main.seg.swp'), path);
      expect(await program.round()).toContain(expected);
    }

    mkdirSync(join(cwd, 'policies/new'));
    writeFileSync(join(cwd, 'policies/new/more.seg'), 'language 1\n');
    expect(await program.round()).toContain('changed: policies/new/more.seg');
    writeFileSync(join(cwd, 'policies/new/more.seg'), 'language 1\ngroup all = workloads\n');
    expect(await program.round()).toContain('changed: policies/new/more.seg');
    writeFileSync(join(cwd, 'bulkhead.yaml'), 'version: 1\nlayrs: [policies]\n');
    expect(await program.round()).toContain('did you mean `layers`?');

    expect(await program.interrupt()).toBe(130);
    expect(program.rest()).toBe('');
    expect(program.errors()).toBe('waiting for changes; Ctrl-C ends it\n');
  });

  it('ends with 2 where there is nothing to begin with', () => {
    const run = bulkhead(['watch', 'polices'], { cwd: makeFolder(SHOP) });
    expect(run).toMatchObject({ code: 2, stderr: '', stdout: expect.stringContaining('did you mean `policies`?') });
  });
});
