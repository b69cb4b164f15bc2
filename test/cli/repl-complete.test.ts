// Completion in a dialogue of what-if: the words of statements, and the names of the layers at hand.
import { describe, expect, it } from 'vitest';
import { completeLine } from '../../src/cli/repl/complete.ts';
import { any, group, host, layer, policy, rule, vm } from '../kit/layers.ts';

const layers = [
  layer({
    groups: { web: any },
    hosts: [host('esx-1', []), host('esx-2', [])],
    workloads: [vm('web-01'), vm('web-02'), vm('db-01')],
    policies: [policy('shop', [rule('shop.no-db', 'drop', group('web'), any)])],
    labelKeys: new Map([['env', { key: 'env', values: ['prod', 'dev'], single: true, span: null }]]),
  }),
];
const complete = (line: string): readonly string[] => completeLine(line, layers)[0].map((match) => match.trimEnd());

describe('completion', () => {
  it('offers the statements and commands first', () => {
    expect(complete('mo')).toEqual(['move']);
    expect(complete('')).toContain('undo');
    expect(completeLine('mo', layers)[1]).toBe('mo');
  });

  it('offers what may come next, by name', () => {
    expect(complete('move web')).toEqual(['web-01', 'web-02']);
    expect(complete('move web-01 ')).toEqual(['to']);
    expect(complete('move web-01 to esx')).toEqual(['esx-1', 'esx-2']);
    expect(complete('set db-01 labels env=')).toEqual(['env=dev', 'env=prod']);
    expect(complete('remove ')).toEqual(['group', 'policy', 'rule']);
    expect(complete('remove rule ')).toEqual(['shop.no-db']);
    expect(complete('disable policy s')).toEqual(['shop']);
    expect(complete('remove group ')).toEqual(['web']);
    expect(complete('add to shop before ')).toEqual(['shop.no-db']);
    expect(complete('why db')).toEqual(['db-01']);
  });

  it('offers nothing where anything may be written', () => {
    expect(complete('add to shop: allow x: ')).toEqual([]);
    expect(complete('nonsense ')).toEqual([]);
  });
});
