// The corpus: cases in text, one folder an area. Each says what its files mean: diagnostics as they are shown, flows with
// verdict and rule, near misses, members of groups, rows of allowed flows. UPDATE=1 writes what came out instead.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decide } from '../src/evaluate/decide.ts';
import type { Evaluator } from '../src/evaluate/evaluator.ts';
import { codes } from '../src/text/codes.ts';
import { renderDiagnostics } from '../src/text/render.ts';
import { readFlow, sayDecision, sayNear } from './corpus-harness/flows.ts';
import { load } from './corpus-harness/load.ts';
import { sayMembers } from './corpus-harness/members.ts';
import { type Case, inputFile, isInput, readCase, type Section, writeCase } from './corpus-harness/read-case.ts';
import { rowsOf } from './kit/ask.ts';
import { noon } from './kit/layers.ts';

const folder = join(import.meta.dirname, 'corpus');
const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.txt'))
  .map((path) => path.replaceAll('\\', '/'))
  .sort();
const textOf = (path: string): string => readFileSync(join(folder, path), 'utf8');

/** Lines of `left : right`; the right side is what came out. */
function answer(text: string, say: (left: string) => string): string {
  return text
    .split('\n')
    .map((line) => {
      if (line === '' || line.startsWith('#')) return line;
      const left = line.split(' : ')[0] ?? '';
      return `${left} : ${say(left.trim())}`;
    })
    .join('\n');
}

/** `flows at 2027-02-01T00:00:00Z` → the section's name and its instant. */
function readHeader(header: string): { readonly name: string; readonly at: number } {
  const [name = '', when] = header.split(' at ');
  return { name, at: when === undefined ? noon : Date.parse(when) };
}

/** The case with what came out in place of what was expected. */
function run(path: string, { intro, sections }: Case): Case {
  const files = sections.filter(isInput).map(inputFile);
  const expectations = sections.filter((section) => !isInput(section));
  if (expectations.length === 0) throw new Error(`${path} expects nothing`);
  const loaded = load(files, noon);
  const found = renderDiagnostics(loaded.diagnostics, loaded.sources, { color: false });
  const result = sections.map((section): Section => {
    if (isInput(section)) return section;
    const { name, at } = readHeader(section.header);
    if (name === 'diagnostics') return { ...section, text: found };
    const last = /^diagnostics, last (\d+)$/.exec(section.header)?.[1];
    if (last !== undefined) {
      const shown = loaded.diagnostics.slice(-Number(last));
      return { ...section, text: renderDiagnostics(shown, loaded.sources, { color: false }) };
    }
    const snapshot = loaded.at(at);
    if (snapshot === null) throw new Error(`${path}: nothing can be answered\n${found}`);
    return { ...section, text: outcome(name, section.text, snapshot.evaluator) };
  });
  const isShown = sections.some((section) => section.header.startsWith('diagnostics'));
  if (!isShown && found !== '') result.push({ header: 'diagnostics', text: found });
  return { intro, sections: result };
}

function outcome(name: string, text: string, evaluator: Evaluator): string {
  const manyLayers = evaluator.universe.layers.length > 1;
  switch (name) {
    case 'flows':
      return answer(text, (line) => sayDecision(decide(evaluator, readFlow(line)), manyLayers));
    case 'near':
      return answer(text, (line) => sayNear(evaluator, line));
    case 'members':
      return answer(text, (group) => sayMembers(evaluator, group));
    case 'rows':
    case 'rows by owner':
    case 'rows by group': {
      const by = name === 'rows' ? 'workload' : name === 'rows by owner' ? 'owner' : 'group';
      return rowsOf(evaluator, { by })
        .map((row) => `${row}\n`)
        .join('');
    }
    default:
      throw new Error(`there is no section ${name}`);
  }
}

describe('corpus', () => {
  it.each(paths)('%s', (path) => {
    const text = textOf(path);
    const actual = writeCase(run(path, readCase(text)));
    if (process.env.UPDATE === '1') writeFileSync(join(folder, path), actual);
    else expect(actual).toBe(text);
  });

  it('has an example of every code that policies and their world can have', () => {
    const shown = new Set(
      paths.flatMap((path) => [...textOf(path).matchAll(/^\w+\[([a-z0-9/-]+)\]/gm)].map((m) => m[1])),
    );
    const areas = ['check', 'world', 'syntax', 'layer', 'evaluate'];
    // Said of layers that are written as policies; no policy can have them.
    const ofExport = ['layer/not-exported', 'layer/rule-left-out'];
    // Needs more text than a case should have: test/bind/code-pages.test.ts shows it.
    const ofSize = ['check/too-many-errors'];
    const all = Object.keys(codes).filter(
      (code) => areas.includes(code.split('/')[0] ?? '') && ![...ofExport, ...ofSize].includes(code),
    );
    expect(all.length).toBeGreaterThan(10);
    expect(all.filter((code) => !shown.has(code)).sort()).toEqual([]);
  });

  it('has every case that the semantics names, and the semantics names every case of its sections', () => {
    const text = readFileSync(join(import.meta.dirname, '../docs/semantics.md'), 'utf8');
    const named = new Set([...text.matchAll(/`(s\d\d[a-z]?-[a-z]+\/[a-z0-9-]+)`/g)].map((match) => `${match[1]}.txt`));
    expect(named.size).toBeGreaterThan(40);
    expect([...named].filter((path) => !paths.includes(path))).toEqual([]);
    expect(paths.filter((path) => /^s\d\d/.test(path) && !named.has(path))).toEqual([]);
    const sections = [...text.matchAll(/^## §(\d+a?) /gm)].map((match) => match[1]);
    expect(sections).toEqual(['1', '2', '2a', ...Array.from({ length: 14 }, (_, i) => `${i + 3}`)]);
    // A case says which section it is of, and stands in that section's folder.
    const misplaced = paths.filter((path) => {
      const section = /^s0?(\d+a?)-/.exec(path)?.[1];
      return section !== undefined && !textOf(path).startsWith(`# §${section} `);
    });
    expect(misplaced).toEqual([]);
  });
});
