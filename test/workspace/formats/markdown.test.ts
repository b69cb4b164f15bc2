// Markdown for a comment: whatever names are in it, outside of code stand only our own words; tables keep their columns;
// a comment is never longer than a forge takes.
import { describe, expect, it } from 'vitest';
import { LONGEST_COMMENT, renderMarkdown } from '../../../src/workspace/formats/ci/markdown.ts';
import { code, prose } from '../../../src/workspace/formats/ci/markdown-text.ts';
import { GOOD_REPORT, HOSTILE, HOSTILE_REPORT, OPTIONS, reportOf } from './hostile-report.ts';

/** The text without code spans and `<code>` elements, which show what is in them and do nothing. */
function outsideCode(line: string): string {
  return line.replace(/`[^`|\\]+`/g, '').replace(/<code>(?:[\w .,/()-]|&#\d+;|&gt;|[^\0-\x7f])*<\/code>/g, '');
}

describe('a name in Markdown', () => {
  it('is in the type of code, as it was written', () => {
    expect(code('web-01 -> db-01 on tcp/5432')).toBe('`web-01 -> db-01 on tcp/5432`');
    expect(code('a|b')).toBe('<code>a&#124;b</code>');
    expect(code('a`b_c')).toBe('<code>a&#96;b&#95;c</code>');
    expect(code('')).toBe('(empty)');
  });

  it('does nothing, whatever it is', () => {
    for (const name of HOSTILE) {
      for (const text of [code(name), prose(name), prose(`there is no \`${name}\``)]) {
        expect(text).not.toContain('\n');
        expect(outsideCode(text)).toMatch(/^[\w ,.;:?=+%()'’"…/→\\-]*$/);
        expect(outsideCode(text)).not.toMatch(/https?:|www\./);
      }
    }
  });

  it('can be read back', () => {
    const decode = (text: string): string =>
      text.startsWith('`')
        ? text.slice(1, -1)
        : text
            .slice('<code>'.length, -'</code>'.length)
            .replace(/&(?:gt|#(\d+));/g, (_, number) =>
              number === undefined ? '>' : String.fromCodePoint(Number(number)),
            );
    for (const name of HOSTILE.filter(
      (item) => item !== '' && item.length < 200 && !/[\p{Cc}\p{Cf}\p{Cs}\p{Cn}]/u.test(item),
    )) {
      expect(decode(code(name))).toBe(name);
    }
  });
});

describe('a message in Markdown', () => {
  it('shows user text as code and the rest as words', () => {
    expect(prose('there is no group `wbe`')).toBe('there is no group `wbe`');
    expect(prose('opens `a -> b` on `tcp/1`')).toBe('opens `a -> b` on `tcp/1`');
  });

  it('is all code where it could be read in another way', () => {
    expect(prose('there is no `a` @b `c`')).toBe('<code>there is no &#96;a&#96; &#64;b &#96;c&#96;</code>');
    expect(prose('odd ` one')).toBe('<code>odd &#96; one</code>');
  });
});

describe('a comment', () => {
  it('has nothing of a user outside of code, and whole tables', () => {
    for (const line of renderMarkdown(HOSTILE_REPORT, OPTIONS).split('\n')) {
      const rest = outsideCode(line).replace(/^<!-- bulkhead -->$/, '');
      expect(rest).not.toMatch(/[<>@[\]$~]|https?:|^\//);
      if (line.startsWith('|')) expect([4, 7]).toContain(rest.split('|').length - 1);
    }
  });

  it('says that all is well', () => {
    expect(renderMarkdown(GOOD_REPORT, OPTIONS)).toBe(`<!-- bulkhead -->
## Bulkhead: passed

| Step | Outcome | |
|---|---|---|
| form | passed | 0 policy files in form |
| check | passed | no findings in 1 file, 0 rules and 0 workloads |
| tests | passed | 2 passed |
| diff | skipped | no base to compare with |

Judged at 2026-11-02T09:00:00Z.
`);
  });

  it('counts what is too much for it, and is never longer than a forge takes', () => {
    const many = Array.from({ length: 300 }, (_, i) => `${i}-${'|'.repeat(180)}`);
    const text = renderMarkdown(reportOf(many), OPTIONS);
    expect(text.length).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(text.length).toBeGreaterThan(LONGEST_COMMENT / 2);
    expect(text).toMatch(/does not fit into a comment[^\n]*\n$/);
    const some = Array.from({ length: 60 }, (_, i) => `name-${i}`);
    expect(renderMarkdown(reportOf(some), OPTIONS)).toContain('… and 10 rows more');
    expect(renderMarkdown(reportOf(some), OPTIONS)).toContain('… and 30 findings more');
  });
});
