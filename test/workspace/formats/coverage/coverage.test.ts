// What expectations exercise: each state of a rule, defaults and ways of denying, and the same in every format.
import { describe, expect, it } from 'vitest';
import { measureCoverage } from '../../../../src/analyze/coverage/coverage.ts';
import { bindRoot } from '../../../../src/bind/bind.ts';
import { renderCoverage } from '../../../../src/cli/text/coverage-text.ts';
import { makePaint } from '../../../../src/cli/text/paint.ts';
import { buildSnapshot } from '../../../../src/engine/pipeline.ts';
import { parsePolicyFile } from '../../../../src/syntax/parse.ts';
import { makeSource } from '../../../../src/text/source.ts';
import { renderAnnotated } from '../../../../src/workspace/formats/coverage/annotated.ts';
import { makeCoverageDocument } from '../../../../src/workspace/formats/coverage/document.ts';
import { renderHtml } from '../../../../src/workspace/formats/coverage/html.ts';
import { renderLcov } from '../../../../src/workspace/formats/coverage/lcov.ts';

const AT = Date.parse('2026-11-21T12:00:00Z');
const RULES = `language 1
tiers { application default drop }
label tier in { web, db }
group web = vms where tier == web
group db  = vms where tier == db
policy shop in application {
  allow store:  web -> db on tcp/5432
  allow again:  web -> db on tcp/5432
  allow spare:  web -> db on tcp/9
  drop  idle:   web -> db  disabled
  drop  no-ssh: db -> web on tcp/22
}
segment net { subnet 10.0.0.1/24 }
vm web-01 { nic net 10.0.0.11  labels tier=web }
vm db-01 { nic net 10.0.0.21  labels tier=db }
`;

function cover(tests: string) {
  const sources = new Map([['main.seg', makeSource('main.seg', RULES + tests)]]);
  const parsed = [...sources.values()].map(parsePolicyFile);
  const { layer, diagnostics } = bindRoot(
    parsed.map(({ tree }) => tree),
    { name: 'policies' },
  );
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  const { snapshot } = buildSnapshot([layer], { at: AT });
  const document = makeCoverageDocument(measureCoverage(snapshot, { at: AT }), [layer], sources, '2026-11-21');
  return { document, sources };
}

const TESTS = `test "stores" { allow web -> db on tcp/5432 }
test "no shell" { deny db-01 -> web-01 on tcp/22 }
`;

describe('coverage', () => {
  it('knows what is exercised, by whom, and what does not count', () => {
    const { document } = cover(TESTS);
    const state = Object.fromEntries(document.items.map((item) => [item.rule ?? item.tier, [item.state, item.by]]));
    expect(state).toEqual({
      'shop.store': ['covered', ['stores']],
      'shop.again': ['unreached', []],
      'shop.spare': ['uncovered', []],
      'shop.idle': ['idle', []],
      'shop.no-ssh': ['covered', ['no shell']],
      application: ['uncovered', []],
    });
    expect(document.rules).toEqual({ covered: 2, of: 3, percent: 66.6 });
    expect(document.defaults).toMatchObject({ covered: 0, of: 1 });
  });

  it('counts each end at which something denies, and not the entry of what is denied on leaving', () => {
    const { document } = cover(TESTS);
    const ways = (name: string) => document.items.find(({ rule, tier }) => (rule ?? tier) === name)?.denies;
    expect(ways('shop.no-ssh')?.filter(({ state }) => state === 'covered')).toEqual([{ direction: 'out', state: 'covered' }]); // biome-ignore format: one claim
    expect(document.denyPaths).toMatchObject({ covered: 1, of: 3 });
  });

  it('is nothing without tests, and all with an invariant about everything', () => {
    expect(cover('').document.rules).toEqual({ covered: 0, of: 3, percent: 0 });
    const all = cover('invariant "quiet" { never workloads -> workloads on tcp/23\n never any -> any }\n').document;
    expect([all.rules, all.defaults].map(({ percent }) => percent)).toEqual([100, 100]);
  });
});

describe('the same', () => {
  const { document, sources } = cover(TESTS);

  it('as text: what is missing, what does not count, totals', () => {
    expect(renderCoverage(document, makePaint(false)).split('\n').slice(0, 3)).toEqual([
      expect.stringMatching(/^uncovered {2}shop\.spare {2}\(main\.seg:9\)$/),
      expect.stringMatching(/^uncovered/),
      expect.stringMatching(/^unreached {2}shop\.again {2}\(main\.seg:8\)$/),
    ]);
  });

  it('as lcov: a line a rule, a branch a way of denying, sums that agree', () => {
    const lines = renderLcov(document).split('\n');
    expect(lines.slice(0, 2)).toEqual(['TN:', 'SF:main.seg']);
    const data = lines.filter((line) => line.startsWith('DA:'));
    expect(data).toEqual(['DA:2,0', 'DA:7,1', 'DA:9,0', 'DA:11,1']);
    expect(lines).toContain(`LF:${data.length}`);
    expect(lines).toContain('LH:2');
    const branches = lines.filter((line) => line.startsWith('BRDA:'));
    expect(lines).toContain(`BRF:${branches.length}`);
    expect(lines).toContain(`BRH:${branches.filter((line) => line.endsWith(',1')).length}`);
    expect(lines.at(-2)).toBe('end_of_record');
  });

  it('as annotated text: a mark for each rule, and the file as it is', () => {
    const lines = renderAnnotated(document, sources).split('\n');
    expect(lines[0]).toBe('main.seg');
    expect(lines.find((line) => line.includes('allow store:'))).toMatch(/^\+1 +7 {2}/);
    expect(lines.find((line) => line.includes('allow spare:'))).toMatch(/^- +9 {2}/);
    expect(lines.find((line) => line.includes('allow again:'))).toMatch(/^\. +8 {2}/);
    expect(lines.find((line) => line.includes('drop  idle:'))).toMatch(/^\. +10 {2}/);
    expect(lines).toHaveLength((sources.get('main.seg')?.text ?? '').split('\n').length + 1);
  });

  it('as a page that needs nothing else and shows text as text', () => {
    const { document: hostile, sources: texts } = cover(
      'test "<script>alert(1)</script>" { allow web -> db on tcp/5432 }\n',
    );
    const page = renderHtml(hostile, texts);
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|<link|<img|src=/);
    expect(page).toContain('&lt;script&gt;');
  });
});
