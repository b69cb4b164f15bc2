// The README keeps its word: the output of the demo in it is what the demo prints now, and its links lead somewhere.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runStep, STEPS } from '../../scripts/demo.mjs';
import { withDemo } from '../../scripts/readme-demo.mjs';
import { programPath, ROOT } from './program.ts';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
let runs: readonly ReturnType<typeof runStep>[];

beforeAll(() => {
  runs = STEPS.map((step) => runStep(step, { program: programPath() }));
}, 60_000);

describe('README.md', () => {
  it('shows what the demo prints (mend it with `node scripts/readme-demo.mjs`)', () => {
    expect(withDemo(readme, runs)).toBe(readme);
  });

  it.each(['README.md', 'docs/cli.md', 'docs/library.md'])('%s has no link that leads nowhere', (name) => {
    const text = readFileSync(join(ROOT, name), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(0);
    const broken = links.filter((link) => !/^https?:/.test(link) && !existsSync(join(ROOT, dirname(name), link)));
    expect(broken).toEqual([]);
  });
});

describe('the demo', () => {
  it('shows a check, groups, flows, a verdict of each kind, and the tests; every step succeeds', () => {
    const words = STEPS.map((step) => step.words[0]);
    expect(words).toEqual(['check', 'graph', 'flows', 'why', 'why', 'test']);
    expect(runs.map((run) => run.ok)).toEqual(STEPS.map(() => true));
    const [, , , allowed, denied] = runs.map((run) => run.output.join('\n'));
    expect(allowed).toMatch(/^ALLOWED/);
    expect(denied).toMatch(/^DENIED[\s\S]*Rules that nearly allowed it/);
  });
});
