// A report of a small shop, whole, as JSON and Markdown; and pages in which names do nothing, whatever they are.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBlastRadius } from '../../../../src/analyze/report/blast-radius.ts';
import { reportCoverage, reportMutation } from '../../../../src/analyze/report/tests-of-tests.ts';
import { runTests } from '../../../../src/analyze/tests/run-tests.ts';
import { buildGraph } from '../../../../src/engine/graph.ts';
import { renderReportHtml } from '../../../../src/workspace/formats/report/html.ts';
import { drawMaps, drawMermaid } from '../../../../src/workspace/formats/report/maps.ts';
import { renderReportMarkdown } from '../../../../src/workspace/formats/report/markdown.ts';
import { makePage } from '../../../../src/workspace/formats/report/sections.ts';
import { STYLE } from '../../../../src/workspace/formats/report/style.ts';
import { contrast } from '../../../kit/contrast.ts';
import { HOSTILE } from '../hostile-report.ts';
import { documentOf, type Fixture, named, shop } from './fixture.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** The text, and what it was: `UPDATE=1` writes it. */
function golden(name: string, text: string): string {
  const path = join(here, 'golden', name);
  if (process.env.UPDATE === '1') writeFileSync(path, text);
  return readFileSync(path, 'utf8');
}

function markdownOf(fixture: Fixture): string {
  return renderReportMarkdown(makePage(documentOf(fixture)), drawMermaid(buildGraph(fixture.snapshot)));
}

/** Without pictures: Graphviz has its own tests. */
function htmlOf(fixture: Fixture): string {
  return renderReportHtml(makePage(documentOf(fixture, false)), drawMaps(buildGraph(fixture.snapshot), null));
}

describe('the report of a small shop', () => {
  const fixture = shop();

  it('is this document', () => {
    const document = documentOf(fixture);
    expect(document).toEqual(JSON.parse(golden('shop.json', `${JSON.stringify(document, null, 2)}\n`)));
  });

  it('is this Markdown', () => {
    const text = markdownOf(fixture);
    expect(text).toBe(golden('shop.md', text));
  });

  it('says of every score what it is, in every format', () => {
    const { scores } = documentOf(fixture);
    expect(scores.length).toBeGreaterThan(10);
    const [html, markdown] = [htmlOf(fixture), markdownOf(fixture)];
    for (const { definition, title } of scores) {
      for (const text of [html, markdown]) {
        expect(text).toContain(definition);
        expect(text).toContain(title);
      }
    }
  });

  it('counts what its tables show', () => {
    const { scores, blastRadius, mutation, exposure } = documentOf(fixture);
    const shareOf = (id: string) => scores.find((score) => score.id === id)?.share;
    expect(shareOf('not-reachable')?.part).toBe(4 - new Set(exposure.from.flatMap(({ workloads }) => workloads)).size);
    expect(shareOf('contained')?.of).toBe(blastRadius.groups.reduce((sum, { reached }) => sum + reached.of, 0));
    expect(shareOf('mutants-noticed')?.of).toBe(mutation.counts.killed + mutation.survivors.length);
    expect(shareOf('lasting-rules')).toEqual({ part: 2, of: 3, percent: 66.6 });
  });

  it('leaves mutation out where that is asked for, and says so', () => {
    const { mutation, scores } = documentOf(fixture, false);
    expect(mutation).toMatchObject({ tried: 0, notMeasured: 'left out with `--no-mutation`' });
    expect(scores.find(({ id }) => id === 'mutants-noticed')?.share).toBeNull();
  });
});

describe('bounds', () => {
  const { snapshot } = shop();
  const pass = runTests(snapshot, { at: snapshot.at, run: null }).tests;
  const limits = { pairs: 1000, mutants: 1000, cells: 100_000 };

  it('of mutation: every so many of the changes are tried, and the sample is said', () => {
    const all = reportMutation(snapshot, pass, true, undefined, limits);
    const some = reportMutation(snapshot, pass, true, undefined, { ...limits, mutants: 10 });
    if (!all.measured || !some.measured) throw new Error('mutation is measured');
    expect(all.mutation.results).toHaveLength(all.mutants);
    expect(some.mutants).toBe(all.mutants);
    expect(some.mutation.results.length).toBeLessThanOrEqual(10);
    expect(some.mutation.results.length).toBeGreaterThan(5);
    const known = new Set(all.mutation.results.map(({ mutant }) => mutant.id));
    expect(some.mutation.results.filter(({ mutant }) => !known.has(mutant.id))).toEqual([]);
  });

  it('of coverage and mutation: beyond so many pairs of classes nothing is measured, with the reason', () => {
    const reason = expect.stringContaining('pairs of ends apart, more than 1:');
    expect(reportCoverage(snapshot, undefined, { ...limits, pairs: 1 })).toEqual({ measured: false, reason });
    expect(reportMutation(snapshot, pass, true, undefined, { ...limits, pairs: 1 })).toEqual({
      measured: false,
      reason,
    });
  });

  it('of blast radius: the smallest groups are left out, and counted', () => {
    const { groups, notSearched, empty } = findBlastRadius(snapshot.evaluator, undefined, 1);
    expect(groups.map(({ group, members }) => [group, members])).toEqual([['web', 2]]);
    expect([notSearched, empty]).toEqual([1, 1]);
  });

  it('of maps: what could not be read is not drawn, with the reason', () => {
    const { nodes, edges } = buildGraph(snapshot);
    const rule = edges.find(({ kind }) => kind === 'rule') as (typeof edges)[number];
    const large = { nodes, edges: Array.from({ length: 601 }, () => rule) };
    const layout = (): string => {
      throw new Error('nothing is laid out');
    };
    expect(drawMaps(large, layout)).toMatchObject({ maps: [], reason: expect.stringContaining('601 arrows') });
    expect(drawMermaid(large)).toMatchObject({ reason: expect.stringContaining('601 arrows') });
  });

  it('of tables: the first rows are shown, and how many are left out', () => {
    const document = documentOf(shop(), false);
    const [group] = document.blastRadius.groups;
    if (group === undefined) throw new Error('there is a group');
    const groups = Array.from({ length: 45 }, () => group);
    const page = makePage({ ...document, blastRadius: { ...document.blastRadius, groups } });
    const noMaps = { maps: [], darkStyle: '', reason: 'Not drawn' };
    expect(renderReportHtml(page, noMaps)).toContain('… and 5 more.');
    expect(renderReportMarkdown(page, noMaps)).toContain('… and 5 more: the JSON has all of them.');
  });
});

/** Tags of a page, without what stands between them. */
function tagsOf(html: string): readonly string[] {
  return html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .match(/<[^>]*>/g)
    ?.map((tag) => tag.replace(/style="width:[\d.]+%"/, '')) as readonly string[];
}

const plainTags = new Set(tagsOf(htmlOf(named('name'))));

describe('names in a report', () => {
  const names = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 40 }));

  it('make no tag of a page, and no attribute', () => {
    fc.assert(
      fc.property(names, (name) => {
        const html = htmlOf(named(`n${name}`));
        expect(tagsOf(html).filter((tag) => !plainTags.has(tag))).toEqual([]);
        expect(html.match(/<[^>]*$/)).toBeNull();
      }),
      { seed: 5, numRuns: 20 },
    );
  });

  it('leave the tables of Markdown as they are', () => {
    const rowsOf = (text: string): readonly number[] =>
      text
        .replace(/```mermaid[\s\S]*?\n```\n/, '')
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) => line.split('|').length);
    const plain = rowsOf(markdownOf(named('name')));
    expect(plain.length).toBeGreaterThan(20);
    fc.assert(
      fc.property(names, (name) => {
        const text = markdownOf(named(`n${name}`));
        expect(rowsOf(text)).toEqual(plain);
        expect(text.match(/^```/gm)).toHaveLength(2);
        const outside = text.replace(/`[^`|\\\n]+`/g, '').replace(/"[^"\n]*"/g, '');
        expect(outside).not.toMatch(/<(?!br>|code>|\/code>)[a-z!/]/i);
      }),
      { seed: 5, numRuns: 20 },
    );
  });
});

describe('the style of a page', () => {
  const variables = (block: string): ReadonlyMap<string, string> =>
    new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = '', color = '']) => [name, color]));
  const [light = '', rest = ''] = STYLE.split('@media screen and (prefers-color-scheme: dark)');
  const [dark = ''] = rest.split('@media (max-width');

  it.each([
    ['light', variables(light)],
    ['dark', variables(dark)],
  ])('can be read in %s', (_, colors) => {
    expect(colors.size).toBe(12);
    for (const ink of ['ink', 'dim', 'accent', 'good', 'warn', 'bad']) {
      for (const ground of ['ground', 'panel']) {
        const ratio = contrast(colors.get(ink) ?? '', colors.get(ground) ?? '');
        expect([ink, ground, ratio >= 4.5]).toEqual([ink, ground, true]);
      }
    }
  });

  it('is dark on screens alone', () => {
    expect(STYLE.match(/prefers-color-scheme/g)).toHaveLength(1);
    expect(htmlOf(named('name'))).not.toMatch(/@media \(prefers-color-scheme/);
  });
});
