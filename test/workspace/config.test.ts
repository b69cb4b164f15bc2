import { describe, expect, it } from 'vitest';
import { error, warning } from '../../src/text/diagnostic.ts';
import { makeSource } from '../../src/text/source.ts';
import { judge, parseConfig } from '../../src/workspace/config.ts';

function parse(text: string) {
  const source = makeSource('bulkhead.yaml', text);
  const { config, diagnostics } = parseConfig(source);
  const shown = diagnostics.map(({ code, severity, message, span, help }) => ({
    code,
    severity,
    message,
    at: span === null ? null : source.text.slice(span.start, span.end),
    help,
  }));
  return { config, diagnostics: shown };
}

describe('bulkhead.yaml', () => {
  it('says what is read where no path is given', () => {
    const { config, diagnostics } = parse(
      'version: 1\nlayers: [policies, cluster]\nworld: inventory.yaml\ndialect: calico\n',
    );
    expect(diagnostics).toEqual([]);
    expect(config).toMatchObject({ layers: ['policies', 'cluster'], world: ['inventory.yaml'], dialect: 'calico' });
  });

  it('takes several inventories', () => {
    expect(parse('version: 1\nworld: [a.yaml, b.json]\n').config?.world).toEqual(['a.yaml', 'b.json']);
  });

  it('accepts JSON, CRLF and a byte order mark', () => {
    expect(parse('\uFEFF{"version": 1,\r\n "layers": ["p"]}').config?.layers).toEqual(['p']);
  });

  it('refuses a setting that does not exist, with the nearest that does, underlined', () => {
    expect(parse('version: 1\nlayer:\n  - policies\n')).toEqual({
      config: null,
      diagnostics: [
        {
          code: 'config/unknown-key',
          severity: 'error',
          message: 'there is no setting `layer`',
          at: 'layer',
          help: 'did you mean `layers`?',
        },
      ],
    });
  });

  it('lists the settings where none is near', () => {
    expect(parse('version: 1\nqqqqqqq: 1\n').diagnostics[0]?.help).toContain('`layers`');
  });

  it.each([
    ['layers: policies', 'policies'],
    ['layers: []', '[]'],
    ['layers: [1]', '1'],
    ['world: 7', '7'],
    ['lint: { check/empty-group: loud }', 'loud'],
    ['budgets: { web: -1 }', '-1'],
    ['dialect: ""', '""'],
  ])('refuses `%s` and underlines the value', (text, at) => {
    const { config, diagnostics } = parse(`version: 1\n${text}\n`);
    expect(config).toBeNull();
    expect(diagnostics).toMatchObject([{ code: 'config/invalid-value', at }]);
  });

  it('refuses a finding that does not exist, with the nearest that does', () => {
    const { diagnostics } = parse('version: 1\nlint: { workspace/unrecognized: off }\n');
    expect(diagnostics).toMatchObject([
      { code: 'config/invalid-value', at: 'workspace/unrecognized', help: 'did you mean `workspace/unrecognised`?' },
    ]);
  });

  it.each(['layers: [policies]', 'version: 2', 'version: "1"', '', '# nothing', 'version: 1\n---\nversion: 1'])(
    'refuses `%s`, which has no version that is known',
    (text) => {
      expect(parse(text)).toMatchObject({ config: null, diagnostics: [{ code: 'config/version', severity: 'error' }] });
    },
  );

  it('refuses what is not a mapping, and what is not YAML', () => {
    expect(parse('[1, 2]').diagnostics).toMatchObject([{ code: 'config/invalid-value' }]);
    expect(parse('version: 1\n  layers: [').diagnostics[0]).toMatchObject({ code: 'document/invalid-yaml' });
    expect(parse('version: 1\nversion: 1').diagnostics[0]).toMatchObject({ code: 'document/duplicate-key' });
  });

  it('says of settings that have no effect yet that they have none', () => {
    const { config, diagnostics } = parse('version: 1\nbase: main\nbaseline: b.json\nbudgets: { web: 3 }\n');
    expect(config).toMatchObject({ base: 'main', baseline: 'b.json' });
    expect(diagnostics.map(({ code, severity, at }) => [code, severity, at])).toEqual([
      ['config/not-supported-yet', 'note', 'budgets'],
    ]);
  });
});

describe('how findings are judged', () => {
  const found = [
    warning('workspace/unrecognised', 'w', null),
    warning('workspace/not-utf8', 'v', null),
    error('workspace/too-large', 'e', null),
  ];

  it('changes what was asked for, leaves the rest, and never hides an error', () => {
    const judgements = parseConfig(
      makeSource(
        'c',
        'version: 1\nlint: { workspace/unrecognised: error, workspace/not-utf8: off, workspace/too-large: off }',
      ),
    ).config?.judgements;
    expect(judge(found, judgements ?? new Map()).map(({ code, severity }) => [code, severity])).toEqual([
      ['workspace/unrecognised', 'error'],
      ['workspace/too-large', 'error'],
    ]);
    expect(judge(found, new Map())).toBe(found);
  });
});
