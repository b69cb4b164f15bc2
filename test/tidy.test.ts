// The rules of the house that no compiler holds: floors, sizes, names, codes and their pages.
// Each rule gives the list of what breaks it, so that a failure says what to mend.
import { describe, expect, it } from 'vitest';
import { codes } from '../src/text/codes.ts';
import { FIRST_IMPURE_FLOOR, FLOORS, PACKAGES } from './tidy/floors.ts';
import {
  listFiles,
  listImports,
  listImpurities,
  listStrings,
  type ProjectFile,
  packageOf,
  readProjectFile,
  resolveImport,
} from './tidy/project-files.ts';

const sources = listFiles('src')
  .filter((path) => path.endsWith('.ts'))
  .map(readProjectFile);

/** `net` of src/net/address.ts, `index` of src/index.ts. */
const folderOf = (path: string): string => path.split('/')[1]?.replace(/\.ts$/, '') ?? '';
const floorOf = (path: string): number => FLOORS.findIndex((folders) => folders.includes(folderOf(path)));
const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
const isRelative = (specifier: string): boolean => specifier.startsWith('.');

/** All `[importing file, what it imports]` inside the project. */
const edges = sources.flatMap((file) =>
  listImports(file)
    .filter(isRelative)
    .map((specifier) => [file.path, resolveImport(file, specifier)] as const),
);

it('finds the sources and their imports', () => {
  expect(sources.length).toBeGreaterThan(10);
  expect(edges.length).toBeGreaterThan(10);
  expect(edges).toContainEqual(['src/text/source.ts', 'src/base/invariant.ts']);
});

describe('floors', () => {
  it('every folder of src stands on a floor', () => {
    expect(sources.map((f) => f.path).filter((path) => floorOf(path) === -1)).toEqual([]);
  });

  it('a file imports from lower floors and its own folder only', () => {
    const upward = edges.filter(([from, to]) => folderOf(from) !== folderOf(to) && floorOf(to) >= floorOf(from));
    expect(upward).toEqual([]);
  });

  it('nothing in src imports from outside src', () => {
    expect(edges.filter(([, to]) => !to.startsWith('src/'))).toEqual([]);
  });

  it('no two folders import each other, even through others', () => {
    const next = new Map<string, Set<string>>();
    for (const [from, to] of edges) {
      const [a, b] = [directoryOf(from), directoryOf(to)];
      if (a !== b) next.set(a, (next.get(a) ?? new Set()).add(b));
    }
    const reach = (start: string): ReadonlySet<string> => {
      const seen = new Set<string>();
      const open = [...(next.get(start) ?? [])];
      for (let at = open.pop(); at !== undefined; at = open.pop()) {
        if (seen.has(at)) continue;
        seen.add(at);
        open.push(...(next.get(at) ?? []));
      }
      return seen;
    };
    expect([...next.keys()].filter((folder) => reach(folder).has(folder)).sort()).toEqual([]);
  });

  it('relative imports name their file in full', () => {
    expect(edges.filter(([, to]) => !/\.(ts|js|json)$/.test(to))).toEqual([]);
  });

  it('only src/index.ts gathers the exports of other files', () => {
    const barrels = sources.filter((f) => f.path !== 'src/index.ts' && /^export \*/m.test(f.text));
    expect(barrels.map((f) => f.path)).toEqual([]);
  });
});

describe('what a folder may use', () => {
  it('packages are imported only where they belong', () => {
    const stray = sources.flatMap((file) =>
      listImports(file)
        .filter((specifier) => !isRelative(specifier) && !specifier.startsWith('node:'))
        .filter((specifier) => !PACKAGES[folderOf(file.path)]?.includes(packageOf(specifier)))
        .map((specifier) => `${file.path}: ${specifier}`),
    );
    expect(stray).toEqual([]);
  });

  it("Node's own modules stay above the pure floors", () => {
    const stray = sources
      .filter((file) => floorOf(file.path) < FIRST_IMPURE_FLOOR)
      .flatMap((file) => listImports(file).flatMap((s) => (s.startsWith('node:') ? [`${file.path}: ${s}`] : [])));
    expect(stray).toEqual([]);
  });

  it('clock, chance, environment, output and locale stay above the pure floors', () => {
    const stray = sources
      .filter((file) => floorOf(file.path) < FIRST_IMPURE_FLOOR)
      .flatMap((file) => listImpurities(file).map((use) => `${file.path}: ${use}`));
    expect(stray).toEqual([]);
  });

  it('sees such a use, and not a property of the same name', () => {
    const text = 'const a = { process: 1 }; a.process; Date.now(); new Date(); new Date(0); x(process.env);';
    expect(listImpurities({ path: 'x.ts', text })).toEqual(['Date.now:1', 'new Date():1', 'process:1']);
  });
});

describe('files', () => {
  const countLines = (file: ProjectFile): number => file.text.split('\n').length - 1;

  it('have at most 400 lines', () => {
    expect(sources.filter((f) => countLines(f) > 400).map((f) => `${f.path}: ${countLines(f)}`)).toEqual([]);
  });

  it('open with a comment on what they turn into what', () => {
    const bare = sources.filter((f) => !/^(#![^\n]*\n)?\/\/ [^\n]{20}/.test(f.text));
    expect(bare.map((f) => f.path)).toEqual([]);
  });

  it('are at most about twenty a folder', () => {
    const counts = new Map<string, number>();
    for (const { path } of sources) counts.set(directoryOf(path), (counts.get(directoryOf(path)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 22)).toEqual([]);
  });

  it('have names in kebab case', () => {
    const code = listFiles('').filter((path) => /^(src|test|scripts|bench)\/.*\.(ts|mjs)$/.test(path));
    const kebab = /^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|d))?\.(ts|mjs)$/;
    expect(code.length).toBeGreaterThan(sources.length);
    expect(code.filter((path) => !kebab.test(path))).toEqual([]);
  });

  it('name no machine, no tool of their making, and leave nothing to do', () => {
    // Written in pieces, so that this file does not name them either.
    const names = [
      '/wo(?=rk/)',
      '/ro(?=ot/)',
      'shared/de(?=sign)',
      'registry\\.npm(?=js)',
      'an(?=thropic)',
      'cl(?=aude)',
    ];
    const forbidden = new RegExp([...names, 'chat(?=gpt)', 'open(?=ai\\b)', 'co(?=pilot)'].join('|'), 'i');
    const unfinished = new RegExp(['\\bTO(?=DO\\b)', '\\bFIX(?=ME\\b)', '\\bXX(?=X\\b)'].join('|'));
    const text = listFiles('').filter((path) => /(\.(ts|mjs|js|json|md|peggy|seg|yaml|yml|sh)|\/run)$/.test(path));
    const found = text.flatMap((path) => {
      const lines = readProjectFile(path).text.split('\n');
      return lines.flatMap((line, i) => (forbidden.test(line) || unfinished.test(line) ? [`${path}:${i + 1}`] : []));
    });
    expect(text.length).toBeGreaterThan(sources.length);
    expect(found).toEqual([]);
  });
});

describe('diagnostic codes', () => {
  const registered = Object.keys(codes).sort();
  const pageOf = (code: string): string => `docs/codes/${code.replace('/', '-')}.md`;

  it('are all used', () => {
    const used = new Set(
      sources.filter((f) => !f.path.startsWith('src/text/codes')).flatMap((f) => [...listStrings(f)]),
    );
    expect(registered.filter((code) => !used.has(code))).toEqual([]);
  });

  it('have a page each, and each page a code', () => {
    const pages = listFiles('docs/codes').filter((path) => !path.endsWith('/README.md'));
    expect(pages).toEqual(registered.map(pageOf).sort());
  });

  it('have pages that open with the code and show an example', () => {
    const pages = listFiles('docs/codes').map(readProjectFile);
    const wrong = registered.filter((code) => {
      const text = pages.find((page) => page.path === pageOf(code))?.text ?? '';
      return !text.startsWith(`# ${code}\n\n`) || !text.includes('```');
    });
    expect(wrong).toEqual([]);
  });
});
