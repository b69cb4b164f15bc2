// The table of allowed flows: sorted, without pairs of one unit with itself, exact, with external addresses as ranges.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareText } from '../../src/base/order.ts';
import { pairFlows } from '../../src/evaluate/allowed-flows.ts';
import { flowRows } from '../../src/evaluate/flow-rows.ts';
import type { Entity } from '../../src/evaluate/flow-units.ts';
import { kubernetesDialects } from '../../src/model/kubernetes-dialects.ts';
import { fromServiceRows } from '../../src/net/service-rows.ts';
import { equalServices, intersectServices, isAllServices, NO_SERVICES, unionServices } from '../../src/net/services.ts';
import { evaluatorOf, rowsOf, sayEntity } from '../kit/ask.ts';
import {
  addresses,
  any,
  face,
  group,
  host,
  label,
  labels,
  layer,
  policy,
  rule,
  tcp,
  tier,
  vm,
  where,
  workload,
} from '../kit/layers.ts';
import { worlds } from '../properties/worlds.ts';

const everything = { by: 'workload', from: null, to: null } as const;
const idOf = (entity: Entity): string => (entity.kind === 'external' ? '' : entity.id);

describe('of random worlds', () => {
  it('rows are sorted by source, then destination, and say nothing of a unit with itself', () => {
    fc.assert(
      fc.property(worlds, (layers) => {
        const evaluator = evaluatorOf(layers);
        const rows = [...flowRows(evaluator, everything)];
        expect(rows.filter(({ source, destination }) => sayEntity(source) === sayEntity(destination))).toEqual([]);
        const inside = rows.filter(({ source }) => source.kind !== 'external').map(({ source }) => idOf(source));
        expect(inside).toEqual([...inside].sort(compareText));
        const toInside = rows.filter(
          ({ source, destination }) => source.kind !== 'external' && destination.kind !== 'external',
        );
        const pairs = toInside.map(({ source, destination }) => `${idOf(source)}\n${idOf(destination)}`);
        expect(pairs).toEqual([...pairs].sort(compareText));
        expect(new Set(pairs).size).toBe(pairs.length);
        expect(JSON.stringify([...flowRows(evaluator, everything)])).toBe(JSON.stringify(rows));
      }),
      { numRuns: 6, seed: 5 },
    );
  });

  it('a row has exactly the services that the pair is allowed, with those of some interfaces marked', () => {
    let compared = 0;
    fc.assert(
      fc.property(worlds, (layers) => {
        const evaluator = evaluatorOf(layers);
        for (const { source, destination, services, all } of flowRows(evaluator, everything)) {
          if (source.kind === 'external' || destination.kind === 'external') continue;
          if (source.kind === 'host' || destination.kind === 'host') continue;
          const ends = [source, destination].map(
            ({ kind, ...rest }) => ({ kind: 'workload', interface: null, ...rest }) as const,
          );
          for (const family of [4, 6] as const) {
            const found = pairFlows(evaluator, ends[0] as never, ends[1] as never, family);
            // Without a pair in the family there is nothing to compare.
            if (equalServices(unionServices(found.allowed, found.denied), NO_SERVICES)) continue;
            if (all) {
              expect(isAllServices(found.allowed)).toBe(true);
              continue;
            }
            const own = services.filter((service) => service.ip === undefined || service.ip === family);
            const certain = fromServiceRows(own.filter((service) => service.interfaces === undefined));
            const some = fromServiceRows(own.filter((service) => service.interfaces === 'some'));
            expect(equalServices(certain, found.allowed)).toBe(true);
            expect(equalServices(intersectServices(some, found.denied), NO_SERVICES)).toBe(true);
            compared++;
          }
        }
      }),
      { numRuns: 8, seed: 6 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});

describe('outside addresses', () => {
  const to = (source: Parameters<typeof rule>[2]) =>
    rowsOf(
      evaluatorOf([
        layer({
          workloads: [vm('a', ['10.0.0.5', '2001:db8::5']), vm('b', ['10.0.0.9'])],
          policies: [policy('p', [rule('p.in', 'allow', source, workload('a'), tcp(1), { direction: 'in' })])],
        }),
      ]),
    );

  it('are one range where nothing tells them apart, whoever owns addresses inside', () => {
    expect(to({ kind: 'external' })).toEqual([
      'external 0.0.0.0-255.255.255.255, ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff -> a : tcp/1',
    ]);
  });

  it('keep the holes that policy makes, and end where an owned address would be at their end', () => {
    expect(to(addresses('10.0.0.0-10.0.0.9'))).toEqual(['external 10.0.0.0-10.0.0.8 -> a : tcp/1']);
    expect(to(addresses('10.0.0.5-10.0.0.20'))).toEqual(['external 10.0.0.6-10.0.0.20 -> a : tcp/1']);
  });
});

describe('rows', () => {
  it('from and to limit the ends', () => {
    const evaluator = evaluatorOf([
      layer({
        workloads: [vm('a', ['10.0.0.1']), vm('b', ['10.0.0.2']), vm('c', ['10.0.0.3'])],
        policies: [policy('p', [rule('p.all', 'allow', any, any, tcp(1))])],
      }),
    ]);
    const { membership } = evaluator;
    const from = membership.evaluate(0, workload('a'));
    const to = membership.evaluate(0, workload('b'));
    expect(rowsOf(evaluator, { from, to })).toEqual(['a -> b : tcp/1']);
    expect(rowsOf(evaluator, { from, to: membership.evaluate(0, { kind: 'external' }) })).toEqual([
      'a -> external 0.0.0.0-255.255.255.255 : tcp/1',
    ]);
  });

  it('of owners of one name but different kinds are told apart', () => {
    const owned = (id: string, kind: string, address: string) =>
      vm(id, [address], { kind: 'container', owner: { kind, name: 'db' } });
    const evaluator = evaluatorOf([
      layer({
        workloads: [owned('db-1', 'Deployment', '10.0.0.1'), owned('db-0', 'StatefulSet', '10.0.0.2')],
        policies: [policy('p', [rule('p.x', 'allow', workload('db-1'), workload('db-0'), tcp(1))])],
      }),
    ]);
    expect(rowsOf(evaluator, { by: 'owner' })).toEqual(['Deployment db -> StatefulSet db : tcp/1']);
  });

  it('from a host to replicas on several hosts are for some of them, where residents are exempt', () => {
    const dialect = kubernetesDialects.find((each) => each.residentHostExempt);
    expect(dialect).toBeDefined();
    const replica = (id: string, on: string, address: string) =>
      vm(id, [address], { kind: 'container', host: on, owner: { kind: 'Deployment', name: 'web' } });
    const evaluator = evaluatorOf([
      layer({
        ...(dialect === undefined ? {} : { dialect }),
        workloads: [replica('web-1', 'one', '10.0.0.1'), replica('web-2', 'two', '10.0.0.2')],
        hosts: [host('one', ['10.9.0.1']), host('two', ['10.9.0.2']), host('three', ['10.9.0.3'])],
        tiers: [tier('net', 'drop', { whereSelected: true }), tier('last', 'allow')],
        policies: [
          policy('open', [rule('open.two', 'allow', { kind: 'host', host: 'two', span: null }, any, tcp(1))], {
            tier: 'net',
            appliesTo: where({ op: 'field', field: 'kind', test: { op: 'equals', value: 'container' } }),
            directions: ['in'],
          }),
        ],
      }),
    ]);
    const rows = rowsOf(evaluator, { by: 'owner' });
    // The replica on a host is open to it, as nothing judges that; the other is closed to `one`, and open to `two` on a port.
    expect(rows.filter((row) => row.includes('-> Deployment web'))).toEqual([
      'one -> Deployment web : some any',
      'two -> Deployment web : tcp/1, some any except tcp/1',
    ]);
  });

  it('of groups join their members, and of a group with itself there is none', () => {
    const app = (id: string, address: string, more: Record<string, string>) =>
      vm(id, [address], { labels: labels(more) });
    const evaluator = evaluatorOf([
      layer({
        workloads: [
          app('w1', '10.0.0.1', { app: 'web' }),
          app('w2', '10.0.0.2', { app: 'web', new: 'yes' }),
          app('d', '10.0.0.3', { app: 'db' }),
        ],
        groups: { web: where(label('app', 'web')), db: where(label('app', 'db')), empty: where(label('app', 'none')) },
        policies: [
          policy('p', [
            rule('p.all', 'allow', group('web'), any, tcp(1)),
            rule('p.new', 'allow', where(label('new', 'yes')), group('db'), tcp(2)),
          ]),
        ],
      }),
    ]);
    expect(rowsOf(evaluator, { by: 'group' })).toEqual([
      'web -> db : tcp/1, some tcp/2',
      'web -> external 0.0.0.0-255.255.255.255 : tcp/1',
    ]);
  });

  it('of classes are as many as rules tell apart, not as workloads there are', () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      vm(`w${i}`, [`10.1.${i >> 8}.${i & 255}`], { labels: labels({ app: i < 200 ? 'web' : 'db' }) }),
    );
    const evaluator = evaluatorOf([
      layer({
        workloads: many,
        policies: [policy('p', [rule('p.x', 'allow', where(label('app', 'web')), where(label('app', 'db')), tcp(1))])],
      }),
    ]);
    expect(rowsOf(evaluator, { by: 'class' })).toHaveLength(1);
    expect(evaluator.lookup.source.count).toBeLessThan(8);
  });

  it('of several interfaces say which services only some have', () => {
    const evaluator = evaluatorOf([
      layer({
        workloads: [
          vm('a', [], { interfaces: [face('eth0', ['10.0.0.1']), face('eth1', ['10.0.1.1'])] }),
          vm('b', ['10.0.0.2']),
        ],
        policies: [
          policy('p', [
            rule('p.x', 'allow', workload('a', 'eth1'), workload('b'), tcp(1)),
            rule('p.y', 'allow', workload('a'), workload('b'), tcp(2)),
          ]),
        ],
      }),
    ]);
    expect(rowsOf(evaluator)).toEqual(['a -> b : tcp/2, some tcp/1']);
  });
});
