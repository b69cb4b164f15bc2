// The pages of the codes of files, configuration and usage are true: what they show gives the code that they explain.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codes } from '../../src/text/codes.ts';
import { bulkhead, makeFolder, type Run, shell } from './program.ts';
import { SHOP } from './shop.ts';

/** What cannot be shown in a folder of a test, and where it is tested instead. */
const ELSEWHERE = new Set([
  'workspace/more-diagnostics', // system/hostile.test.ts: more than fifty of anything
  'workspace/too-many-files', // workspace/files.test.ts: too deep a folder
  'workspace/unreadable', // workspace/files.test.ts: nothing is closed to the superuser
  'git/too-large', // workspace/trees/open-revision.test.ts: more than is read of an answer
  'usage/missing-package', // commands.test.ts: a program away from its packages
]);

/** What the report of `test` says in place of the code. */
const SAID_IN_REPORTS: Readonly<Record<string, string>> = {
  'test/asserts-nothing': 'asserts nothing',
  'test/not-supported-yet': 'is not supported yet',
};

const areas = ['workspace', 'git', 'config', 'usage', 'test', 'ci', 'feed', 'trust'];
const shown = Object.keys(codes).filter((code) => areas.includes(code.split('/')[0] ?? '') && !ELSEWHERE.has(code));

/** Makes the folder a repository with one commit. */
const REPOSITORY = [
  'git init -q -b main && git add -A && git -c user.email=a@example.org -c user.name=a commit -q -m first',
];

/** Does what the example of a page shows, in a folder with a policy root and the file of another tool. */
function follow(code: string): Run {
  const page = readFileSync(`docs/codes/${code.replace('/', '-')}.md`, 'utf8');
  const [, language = '', text = ''] = /```(\w+)\n([\s\S]*?)```/.exec(page) ?? [];
  switch (language) {
    case 'console': {
      const lines = [...text.matchAll(/^\$ (.*)$/gm)].map(([, line = '']) => line);
      const cwd = makeFolder({ ...SHOP, 'a.seg': SHOP['policies/main.seg'] ?? '' });
      const before = [...(code.startsWith('git/') ? REPOSITORY : []), ...lines.slice(0, -1)].join('\n');
      const [last = ''] = lines.slice(-1);
      if (!/^bulkhead [\w ./=-]*$/.test(last) || /\bcd\b/.test(before)) return shell(`${before}\n${last}`, { cwd });
      const prepared = shell(before, { cwd });
      if (prepared.code !== 0) return prepared;
      return bulkhead(last.split(' ').slice(1), { cwd });
    }
    case 'yaml':
      if (code.startsWith('config/'))
        return bulkhead(['check'], { cwd: makeFolder({ ...SHOP, 'bulkhead.yaml': text }) });
      return bulkhead(['check', 'compose.yaml'], { cwd: makeFolder({ 'compose.yaml': text }) });
    default:
      return bulkhead(['test'], {
        cwd: makeFolder({ ...SHOP, 'policies/more.seg': `language 1\naddresses partners = 203.0.113.0/24\n${text}` }),
      });
  }
}

describe('the page of', () => {
  it('each code of these areas is followed, or tested elsewhere', () => {
    expect(shown.length).toBeGreaterThan(20);
    expect([...ELSEWHERE].filter((code) => !Object.keys(codes).includes(code))).toEqual([]);
  });

  it.each(shown)('%s', (code) => {
    const { stdout, stderr } = follow(code);
    // Annotations name the code as their title.
    const said = (stdout + stderr).replaceAll(/title=([^:]+)::/g, '[$1]: ');
    expect(said).toContain(SAID_IN_REPORTS[code] ?? `[${code}]: `);
  });
});
