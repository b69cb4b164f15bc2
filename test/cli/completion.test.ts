// Completion scripts: what bash offers. That zsh and fish can read theirs is tested where they are installed (system).
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bulkhead, makeFolder } from './program.ts';

const scripts = Object.fromEntries(
  ['bash', 'zsh', 'fish'].map((shell) => [shell, bulkhead(['completion', shell]).stdout]),
);

/** What bash offers after these words; the last is what is being typed. */
function complete(...words: readonly string[]): readonly string[] {
  const folder = makeFolder({ 'bulkhead.bash': scripts.bash ?? '', 'policies/a.seg': '', 'other.yaml': '' });
  const line = `source ./bulkhead.bash
compopt() { :; }
COMP_WORDS=(bulkhead ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_bulkhead; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const run = spawnSync('bash', ['--norc', '-c', line], { cwd: folder, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return run.stdout.split('\n').filter((word) => word !== '');
}

describe.each(['bash', 'zsh', 'fish'])('%s', (shell) => {
  it('is given a script that names every command', () => {
    for (const name of ['check', 'flows', 'why', 'explain', '--expect', 'check/unknown-group']) {
      expect(scripts[shell]).toContain(name.replace(/^--/, ''));
    }
  });
});

describe('bash offers', () => {
  it('commands first', () => {
    expect(complete('')).toEqual(expect.arrayContaining(['check', 'why', 'help']));
    expect(complete('fl')).toEqual(['flows']);
    expect(complete('--at', 'x', 'fl')).toEqual(['flows']);
  });

  it('the options of the command, and the values they take', () => {
    expect(complete('flows', '--f')).toEqual(['--from', '--format']);
    expect(complete('flows', '--by', '')).toEqual(['workload', 'owner', 'group', 'class']);
    expect(complete('graph', '-f', 's')).toEqual(['svg']);
    expect(complete('check', '-f', 's')).toEqual(['sarif']);
    expect(complete('why', '-f', 's')).toEqual([]);
    expect(complete('why', '--expect', 'd')).toEqual(['drop', 'deny']);
  });

  it('paths, codes and shells', () => {
    expect(complete('check', 'pol')).toEqual(['policies']);
    expect(complete('why', '--in', 'oth')).toEqual(['other.yaml']);
    expect(complete('explain', 'usage/str')).toEqual(['usage/stray-dash']);
    expect(complete('completion', 'z')).toEqual(['zsh']);
  });
});
