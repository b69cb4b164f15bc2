// What is in a point's bundle, and what is not: only what a rule can need there, with times and doubts beside it.
import { describe, expect, it } from 'vitest';
import { buildSnapshot } from '../../../src/engine/pipeline.ts';
import { prepareBundles } from '../../../src/exporters/bundle/build.ts';
import type { BundleContent } from '../../../src/exporters/bundle/content.ts';
import { decideAtPoint } from '../../../src/exporters/bundle/decide-at-point.ts';
import type { PointScope } from '../../../src/exporters/bundle/guarded.ts';
import { bulkheadDialect } from '../../../src/model/dialect.ts';
import type { Layer } from '../../../src/model/layer.ts';
import {
  address,
  addresses,
  any,
  face,
  group,
  host,
  label,
  labels,
  layer,
  noon,
  opaque,
  ping,
  policy,
  rule,
  tcp,
  tier,
  vm,
  where,
} from '../../kit/layers.ts';

const role = (value: string) => where(label('role', value));
const at = (id: string, texts: readonly string[], kind: string, on: string) =>
  vm(id, texts, { labels: labels({ role: kind }), host: on });
const shop = {
  groups: { 'shop.web': role('web'), 'shop.db': role('db'), 'shop.batch': role('batch') },
  workloads: [
    at('web-1', ['10.0.0.1', 'fd00::1'], 'web', 'esx-1'),
    at('web-2', ['10.0.0.2'], 'web', 'esx-2'),
    at('db-1', ['10.0.1.1'], 'db', 'esx-2'),
    at('batch-1', ['10.0.2.1'], 'batch', 'esx-3'),
  ],
  hosts: [host('esx-1', ['10.9.0.1']), host('esx-2', []), host('esx-3', [])],
};
const onHost = (id: string): PointScope => ({ hosts: [id], sites: [], segments: [], workloads: [] });

function contentOf(layers: readonly Layer[], scope: PointScope): BundleContent {
  return prepareBundles(buildSnapshot(layers, { at: noon }).snapshot).contentFor(scope);
}

const root = (rules: Parameters<typeof policy>[1], more: Parameters<typeof layer>[0] = {}): Layer =>
  layer({ ...shop, policies: [policy('p', rules)], ...more });

describe('a bundle', () => {
  const rules = [
    rule('p.db', 'allow', group('shop.web'), group('shop.db'), tcp(5432)),
    rule('p.batch', 'allow', group('shop.batch'), group('shop.db'), tcp(5432)),
    rule('p.nobody', 'allow', group('shop.batch'), group('shop.batch')),
  ];

  it('has the rules that can match at its places, and of groups what these need', () => {
    const content = contentOf([root(rules)], onHost('esx-1'));
    expect(content.rules).toEqual([
      {
        id: 'root:p.db',
        layer: 'root',
        policy: 'p',
        rule: 'p.db',
        action: 'allow',
        direction: 'out',
        services: [{ protocol: 'tcp', ports: [[5432, 5432]] }],
        source: 'root:shop.web',
        destination: 'root:shop.db',
      },
    ]);
    const places = ['web-1/eth0 10.0.0.1', 'web-1/eth0 fd00::1'];
    expect(content.groups).toEqual([
      { id: 'root:(judged)', here: places },
      { id: 'root:shop.db', addresses: ['10.0.1.1'] },
      // No address of a web server: here they are only the ones that begin.
      { id: 'root:shop.web', here: places },
    ]);
    expect(content.layers[0]?.tiers).toEqual([{ name: 'only', default: 'drop', order: ['root:p.db'] }]);
  });

  it('has no group, address or place of another point', () => {
    const text = JSON.stringify(contentOf([root(rules)], onHost('esx-1')));
    for (const other of ['batch', '10.0.2.1', '10.0.0.2', 'web-2', 'esx-2', '10.9.0.1'])
      expect(text).not.toContain(other);
  });

  it('of a point without places has nothing at all', () => {
    expect(contentOf([root(rules)], onHost('esx-9'))).toEqual({ layers: [], rules: [], groups: [], places: [] });
  });

  it('has addresses only of the families that meet at its places', () => {
    const both = root([rule('p.out', 'allow', group('shop.db'), any)], {});
    const sees = (id: string) =>
      contentOf(
        [{ ...both, policies: [policy('p', [rule('p.in', 'allow', role('web'), any)])] }],
        onHost(id),
      ).groups.find(({ id: own }) => own === 'root:p.in (source)')?.addresses;
    expect(sees('esx-3')).toEqual(['10.0.0.1-10.0.0.2']);
    expect(sees('esx-1')).toEqual(['10.0.0.1-10.0.0.2', 'fd00::1']);
  });

  it('has rules that are not valid now, with their times, and judges them itself', () => {
    const window = { days: ['Wed' as const], start: 8 * 60, end: 18 * 60, zone: 'Europe/Zurich', text: '' };
    const timed = [
      rule('p.open', 'allow', group('shop.web'), group('shop.db'), tcp(80), { window }),
      rule('p.shut', 'allow', group('shop.web'), group('shop.db'), tcp(81), { window: { ...window, days: ['Sun'] } }),
      rule('p.past', 'allow', group('shop.web'), group('shop.db'), tcp(82), { until: noon - 1000 }),
      rule('p.off', 'allow', group('shop.web'), group('shop.db'), tcp(83), { disabled: true }),
    ];
    const content = contentOf([root(timed)], onHost('esx-1'));
    expect(content.rules.map(({ rule: id, notAfter, windows }) => ({ id, notAfter, windows }))).toEqual([
      {
        id: 'p.open',
        notAfter: undefined,
        windows: [{ days: ['Wed'], start: '08:00', end: '18:00', zone: 'Europe/Zurich' }],
      },
      { id: 'p.past', notAfter: '2026-06-03T11:59:59Z', windows: undefined },
      {
        id: 'p.shut',
        notAfter: undefined,
        windows: [{ days: ['Sun'], start: '08:00', end: '18:00', zone: 'Europe/Zurich' }],
      },
    ]);
    const verdict = (port: number, instant: number) => verdictOf(content, '10.0.1.1', port, instant);
    // Noon in UTC is 14:00 in Zurich in June.
    expect(verdict(80, noon)).toBe('allow');
    expect(verdict(80, noon + 4 * 3_600_000)).toBe('drop');
    expect(verdict(81, noon)).toBe('drop');
    expect(verdict(81, noon + 4 * 86_400_000)).toBe('allow');
    expect(verdict(82, noon)).toBe('drop');
    expect(verdict(82, noon - 2000)).toBe('allow');
  });

  it('honours a beginning, though no policy can say one', () => {
    const content = contentOf([root(rules)], onHost('esx-1'));
    const later = content.rules.map((item) => ({ ...item, notBefore: new Date(noon + 1000).toISOString() }));
    expect(verdictOf({ ...content, rules: later }, '10.0.1.1', 5432, noon)).toBe('drop');
    expect(verdictOf({ ...content, rules: later }, '10.0.1.1', 5432, noon + 1000)).toBe('allow');
  });

  it('marks what is not known, and leaves flows of it unknown', () => {
    const doubtful = [
      rule('p.part', 'allow', group('shop.web'), group('shop.db'), tcp(80), { opaque: 'users are not known' }),
      rule('p.peer', 'allow', group('shop.web'), opaque, tcp(81)),
      rule('p.fqdn', 'allow', group('shop.web'), { kind: 'fqdn', pattern: 'a.example', span: null }, tcp(82)),
    ];
    const content = contentOf([root(doubtful)], onHost('esx-1'));
    expect(content.rules.find(({ rule: id }) => id === 'p.part')?.opaque).toBe('users are not known');
    expect(content.groups.find(({ id }) => id === 'root:p.peer (destination)')).toMatchObject({
      maybe: ['0.0.0.0/0', '::/0'],
    });
    for (const [to, port] of [
      ['10.0.1.1', 80],
      ['10.0.1.1', 81],
      ['8.8.8.8', 82],
    ] as const)
      expect(verdictOf(content, to, port, noon)).toBe('unknown');
    expect(verdictOf(content, '10.0.1.1', 82, noon)).toBe('drop');
  });

  it('counts members that it cannot recognise', () => {
    const hidden = { ...shop, workloads: [...shop.workloads, at('db-2', [], 'db', 'esx-2')] };
    const content = contentOf([root(rules, hidden)], onHost('esx-1'));
    // One interface counts once in each version of IP that meets here.
    expect(content.groups.find(({ id }) => id === 'root:shop.db')).toMatchObject({ unresolved: 2 });
  });

  it('tells addresses that occur in several spaces apart by the space of the place', () => {
    const in_ = (space: string) => [face('eth0', ['10.0.0.5'], { space })];
    const world = {
      ...shop,
      workloads: [
        vm('a', [], {
          host: 'esx-1',
          interfaces: [face('blue', ['10.1.0.1'], { space: 'blue' }), face('red', ['10.2.0.1'], { space: 'red' })],
        }),
        vm('b', [], { labels: labels({ role: 'db' }), interfaces: in_('blue') }),
        vm('c', [], { labels: labels({ role: 'batch' }), interfaces: in_('red') }),
      ],
    };
    const content = contentOf([root([rule('p.to', 'allow', any, group('shop.db'))], world)], onHost('esx-1'));
    const to = (own: string, name: string) =>
      decideAtPoint(
        content,
        {
          workload: 'a',
          interface: name,
          direction: 'out',
          own: address(own),
          remote: address('10.0.0.5'),
          service: { protocol: 6, a: 80, b: 4000 },
        },
        noon,
      ).verdict;
    expect(to('10.1.0.1', 'blue')).toBe('allow');
    expect(to('10.2.0.1', 'red')).toBe('drop');
  });

  it('carries ties that the platform leaves open, and only where both sides are here', () => {
    const tied = {
      dialect: { ...bulkheadDialect, ties: 'undefined' as const },
      policies: [
        policy('p', [rule('p.a', 'allow', group('shop.web'), any, tcp(80), { direction: 'out' })]),
        policy('q', [rule('q.d', 'drop', group('shop.web'), any, tcp(80), { direction: 'out' })]),
        policy('r', [rule('r.d', 'drop', group('shop.batch'), any, tcp(80), { direction: 'out' })]),
      ],
    };
    const orderAt = (id: string) => contentOf([root([], tied)], onHost(id)).layers[0]?.tiers[0]?.order;
    expect(orderAt('esx-1')).toEqual([{ tie: 'undefined', members: [['root:p.a'], ['root:q.d']] }]);
    expect(orderAt('esx-3')).toEqual(['root:r.d']);
    expect(verdictOf(contentOf([root([], tied)], onHost('esx-1')), '8.8.8.8', 80, noon)).toBe('unknown');
  });

  it('says what to log, also by rules that decide nothing, and what keeps no state', () => {
    const logging = [
      rule('p.see', 'log', any, any, ping),
      rule('p.db', 'allow', group('shop.web'), any, undefined, { log: true, stateless: true, strict: true }),
    ];
    const content = contentOf([root(logging)], onHost('esx-1'));
    expect(
      content.rules.map(({ rule: id, action, log, stateless, strict }) => [id, action, log, stateless, strict]),
    ).toEqual([
      ['p.db', 'allow', true, true, true],
      ['p.see', 'log', true, undefined, undefined],
    ]);
    expect(content.layers[0]?.tiers[0]?.order).toEqual(['root:p.see', 'root:p.db']);
    const flow = {
      workload: 'web-1',
      interface: 'eth0',
      direction: 'out' as const,
      own: address('10.0.0.1'),
      remote: address('8.8.8.8'),
    };
    const pinged = decideAtPoint(content, { ...flow, service: { protocol: 1, a: 8, b: 0 } }, noon);
    expect(pinged).toEqual({
      verdict: 'allow',
      layers: [{ layer: 'root', verdict: 'allow', rule: 'root:p.db', logged: ['root:p.see', 'root:p.db'] }],
    });
  });

  it('leaves what a layer excludes unjudged', () => {
    const content = contentOf([root(rules, { exclude: role('web') })], onHost('esx-1'));
    expect(content.layers).toEqual([]);
    expect(verdictOf(content, '8.8.8.8', 80, noon)).toBe('allow');
  });

  it('is the same for the same layers, whatever else is in the world', () => {
    const more = { ...shop, workloads: [...shop.workloads, at('batch-2', ['10.0.2.2'], 'batch', 'esx-3')] };
    expect(contentOf([root(rules, more)], onHost('esx-1'))).toEqual(contentOf([root(rules)], onHost('esx-1')));
  });

  it('gives a flow of an interface that is not in it no verdict', () => {
    const content = contentOf([root(rules, { tiers: [tier('only', 'allow')] })], onHost('esx-1'));
    const flow = {
      interface: 'eth0',
      direction: 'out' as const,
      remote: address('8.8.8.8'),
      service: { protocol: 6, a: 80, b: 4000 },
    };
    expect(decideAtPoint(content, { ...flow, workload: 'web-2', own: address('10.0.0.2') }, noon).verdict).toBe(
      'unknown',
    );
    // An address that is not the interface's own.
    expect(decideAtPoint(content, { ...flow, workload: 'web-1', own: address('10.0.0.7') }, noon).verdict).toBe(
      'unknown',
    );
  });
});

describe('groups named in rules', () => {
  it('that negate something are told apart by rule, since a rule that denies reads them otherwise', () => {
    const groups = { ...shop.groups, 'shop.rest': { kind: 'negated' as const, of: addresses('192.0.2.0/24') } };
    const content = contentOf(
      [root([rule('p.rest', 'drop', group('shop.web'), group('shop.rest'))], { groups })],
      onHost('esx-1'),
    );
    expect(content.rules[0]?.destination).toBe('root:p.rest (destination)');
  });
});

function verdictOf(content: BundleContent, remote: string, port: number, instant: number): string {
  return decideAtPoint(
    content,
    {
      workload: 'web-1',
      interface: 'eth0',
      direction: 'out',
      own: address('10.0.0.1'),
      remote: address(remote),
      service: { protocol: 6, a: port, b: 40000 },
    },
    instant,
  ).verdict;
}
