// Input that nobody would write: nothing is thrown, every problem has a place, and time and memory stay bounded.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSnapshot } from '../../../src/engine/pipeline.ts';
import { importNsx } from '../../../src/importers/nsx/import-nsx.ts';
import { makeSource } from '../../../src/text/source.ts';
import { sampleSize } from '../../kit/sample-size.ts';
import { writeDump } from '../../properties/nsx-shapes.ts';
import { nsxWorld } from '../../properties/nsx-worlds.ts';
import { dump, group, groupPath, OR, policy, read, rule, vm } from './dump.ts';

const SEED = 7;
const importText = (text: string) => importNsx([makeSource('dump.json', text)], { name: 'nsx' });

describe('text that is no dump', () => {
  it.each([
    ['nothing', ''],
    ['a truncated dump', '{ "domains": [ { "id": "default", "groups": ['],
    ['binary', '{"domains": \u0000\u0001}'],
    ['a number', '42'],
    ['brackets', '['.repeat(100_000)],
    ['deep objects', '{"a":'.repeat(5000)],
    ['a key twice', '{"domains": [], "domains": []}'],
  ])('%s', (_, text) => {
    const { layer, diagnostics } = importText(text);
    expect(layer.policies).toEqual([]);
    expect(diagnostics.some(({ severity }) => severity === 'error' || severity === 'warning')).toBe(true);
  });
});

/** A value at a random place of a dump becomes something else. */
function damage(value: unknown, at: number, by: unknown): unknown {
  let left = at;
  const visit = (item: unknown): unknown => {
    if (left-- === 0) return by;
    if (Array.isArray(item)) return item.map(visit);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(value);
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 1e308, 65536, '', 'ANY', '/', '\u202e', '__proto__', [], {}, [[]], [null], {
    '': null,
  }),
  fc.jsonValue({ maxDepth: 2 }),
);

it('a dump with anything in any place is read without throwing, and every place is inside the text', {
  timeout: 120_000,
}, () => {
  fc.assert(
    fc.property(
      nsxWorld,
      fc.constantFrom('flat', 'resources', 'tree'),
      fc.array(fc.tuple(fc.nat(600), odd), { minLength: 1, maxLength: 6 }),
      (world, shape, faults) => {
        const texts = writeDump(world.dump, shape).map((text) =>
          JSON.stringify(faults.reduce((value, [at, by]) => damage(value, at, by), JSON.parse(text))),
        );
        const sources = texts.map((text, i) => makeSource(`dump-${i}.json`, text));
        const { layer, diagnostics } = importNsx(sources, { name: 'nsx' });
        for (const { span } of diagnostics) {
          const source = sources.find(({ name }) => name === span?.file);
          if (span !== null)
            expect(span.start >= 0 && span.start <= span.end && span.end <= (source?.text.length ?? -1)).toBe(true);
        }
        expect(() => buildSnapshot([layer], { at: 0 })).not.toThrow();
      },
    ),
    { seed: SEED, numRuns: sampleSize(500) },
  );
});

describe('too much of everything', () => {
  it('one wrong address in each of many rules is said a hundred times and then counted', () => {
    const rules = Array.from({ length: 5000 }, (_, i) => rule(`r${i}`, { source_groups: [`10.0.0.${i + 300}`] }));
    const { diagnostics } = read(dump({ policies: [policy('p', 'Application', rules)] }));
    const invalid = diagnostics.filter(({ code }) => code === 'nsx/invalid-address');
    expect(invalid).toHaveLength(101);
    expect(invalid.map(({ message }) => message)).toContain('4900 more of `nsx/invalid-address` are not shown');
  });

  it('fields of many unknown names are counted', () => {
    const odds = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`field_${i}`, 1]));
    const unknown = read(dump({ machines: [vm('a', [], odds)] })).diagnostics.filter(
      ({ code }) => code === 'nsx/unknown-field',
    );
    expect(unknown).toHaveLength(101);
    expect(unknown.map(({ message }) => message)).toContain('4900 more of `nsx/unknown-field` are not shown');
  });

  it('groups of many operands, groups in many groups, references to nothing', () => {
    const condition = (i: number): object => ({
      resource_type: 'Condition',
      member_type: 'VirtualMachine',
      key: 'Tag',
      operator: 'EQUALS',
      value: `a|${i}`,
    });
    const wide = group(
      'wide',
      Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? condition(i) : OR)).slice(0, 19_999),
    );
    const dense = Array.from({ length: 300 }, (_, i) =>
      group(`d${i}`, [
        { resource_type: 'PathExpression', paths: Array.from({ length: i }, (__, j) => groupPath(`d${j}`)) },
      ]),
    );
    const lost = Array.from({ length: 5000 }, (_, i) => rule(`r${i}`, { source_groups: [groupPath(`lost${i}`)] }));
    const { layer } = read(
      dump({ machines: [vm('a', ['a|0'])], groups: [wide, ...dense], policies: [policy('p', 'Application', lost)] }),
    );
    expect(layer.groups.size).toBe(301);
  });

  it('texts of a megabyte where an address, a port, a tag or a date is expected', () => {
    const long = '1.'.repeat(500_000);
    const { diagnostics } = read(
      dump({
        machines: [vm('a', [`a|${long}`])],
        groups: [
          group('g', [
            { resource_type: 'IPAddressExpression', ip_addresses: [long, `${' '.repeat(500_000)}-`] },
            OR,
            {
              resource_type: 'Condition',
              member_type: 'VirtualMachine',
              key: 'Tag',
              operator: 'MATCHES',
              value: '(a*)*'.repeat(1000),
            },
          ]),
        ],
        services: [
          {
            id: 's',
            path: '/infra/services/s',
            service_entries: [
              { resource_type: 'L4PortSetServiceEntry', l4_protocol: 'TCP', destination_ports: [long] },
            ],
          },
        ],
        policies: [policy('p', 'Application', [rule('r', { source_groups: [long] })], { scheduler_path: '/s' })],
        more: { firewall_schedulers: [{ id: 's', path: '/s', end_date: long, days: [long] }] },
      }),
    );
    expect(diagnostics.length).toBeGreaterThan(4);
  });
});
