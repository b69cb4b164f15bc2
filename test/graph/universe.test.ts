// The universe numbers everything that can stand at an end of a flow, and cuts the rest of the address space into atoms.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveEndpoint, resolveEnds } from '../../src/graph/resolve.ts';
import { buildUniverse, type Node } from '../../src/graph/universe.ts';
import type { Peer } from '../../src/model/peer.ts';
import { formatAddress } from '../../src/net/address.ts';
import {
  ALL_ADDRESSES,
  equalAddresses,
  formatAddressSet,
  overlapsAddresses,
  singleAddress,
  unionAllAddresses,
} from '../../src/net/address-set.ts';
import { addresses, addressSet, any, endpoint, face, host, layer, policy, rule, vm } from '../kit/layers.ts';
import { worlds } from '../properties/worlds.ts';

const say = (node: Node): string =>
  node.kind === 'external'
    ? formatAddressSet(node.range)
    : `${node.kind} v${node.family} ${node.address === null ? 'unknown' : formatAddress(node.address)}`;

describe('nodes', () => {
  it('are one for each address of an interface or host, and one a family where none is known', () => {
    const { universe } = buildUniverse([
      layer({
        workloads: [
          vm('a', ['2001:db8::1', '10.0.0.1']),
          vm('b'),
          vm('c', [], { interfaces: [face('eth0', []), face('eth1', ['10.0.0.3'])] }),
        ],
        hosts: [host('h', ['10.9.0.1']), host('i', [])],
      }),
    ]);
    expect(universe.nodes.slice(0, universe.firstExternal).map(say)).toEqual([
      'workload v4 10.0.0.1',
      'workload v6 2001:db8::1',
      'workload v4 unknown',
      'workload v6 unknown',
      'workload v4 unknown',
      'workload v6 unknown',
      'workload v4 10.0.0.3',
      'host v4 10.9.0.1',
      'host v4 unknown',
      'host v6 unknown',
    ]);
    expect(universe.nodesOf).toEqual([[0, 1], [2, 3], [4, 5, 6], [7], [8, 9]]);
  });

  it('outside, with what is owned, are the whole address space, once; no set cuts one of them', () => {
    fc.assert(
      fc.property(worlds, (layers) => {
        const { universe } = buildUniverse(layers);
        const outside = universe.nodes
          .slice(universe.firstExternal)
          .flatMap((node) => (node.kind === 'external' ? [node.range] : []));
        expect(equalAddresses(unionAllAddresses([...outside, universe.owned]), ALL_ADDRESSES)).toBe(true);
        expect(outside.filter((range) => overlapsAddresses(range, universe.owned))).toEqual([]);
        for (let i = 1; i < outside.length; i++)
          expect(overlapsAddresses(outside[i - 1] as never, outside[i] as never)).toBe(false);
      }),
      { numRuns: 20, seed: 9 },
    );
  });

  it('outside are as few as policies tell apart', () => {
    const peers: readonly Peer[] = [addresses('203.0.113.0/24'), addresses('203.0.113.0/25')];
    const policies = [
      policy(
        'p',
        peers.map((peer, i) => rule(`r${i}`, 'allow', peer, any)),
      ),
    ];
    const { universe } = buildUniverse([layer({ policies, internal: addressSet('10.0.0.0/8') })]);
    expect(universe.nodes.map(say)).toEqual([
      '0.0.0.0-9.255.255.255',
      '10.0.0.0/8',
      '11.0.0.0-203.0.112.255',
      '203.0.113.0/25',
      '203.0.113.128/25',
      '203.0.114.0-255.255.255.255',
      '::/0',
    ]);
  });
});

describe('an end of a question', () => {
  const { universe } = buildUniverse([
    layer({
      workloads: [
        vm('a', ['10.0.0.1'], { interfaces: [face('eth0', ['10.0.0.1'], { space: 'blue' })] }),
        vm('b', [], { interfaces: [face('eth0', ['10.0.0.1'], { space: 'red' })] }),
        vm('c', [], { interfaces: [face('eth0', ['10.0.0.9'], { space: 'red' })] }),
      ],
      hosts: [host('h', ['10.9.0.1'])],
      world: { hostAliases: [{ id: 'alias', host: 'h', span: null }] },
    }),
  ]);
  const resolve = (text: string): string => {
    const found = resolveEndpoint(universe, endpoint(text));
    if (found.kind === 'problem') return found.problem;
    return found.kind === 'nodes'
      ? found.nodes.map((node) => say(universe.nodes[node] as Node)).join(', ')
      : found.service.id;
  };

  it('is found by id, interface and address, and an alias is its host', () => {
    expect(resolve('c/eth0')).toBe('workload v4 10.0.0.9');
    expect(resolve('10.0.0.9')).toBe('workload v4 10.0.0.9');
    expect(resolve('alias')).toBe('host v4 10.9.0.1');
    expect(resolve('192.0.2.1')).toBe('172.32.0.0-192.167.255.255');
  });

  it('that is nowhere, or two owners have, is refused with what is wrong', () => {
    expect(resolve('nobody')).toBe('there is no workload `nobody`');
    expect(resolve('c/eth1')).toBe('`c` has no interface `eth1`');
    expect(resolve('host:x')).toBe('there is no host `x`');
    expect(resolve('service:x')).toBe('there is no service address `x`');
    expect(resolve('10.0.0.1')).toBe('10.0.0.1 has 2 owners: `a`, `b`');
  });

  it('with two owners is the one in the address space of the other end', () => {
    const [, found] = resolveEnds(universe, endpoint('c'), endpoint('10.0.0.1'));
    expect(found.kind === 'nodes' && found.nodes).toEqual(universe.nodesOf[universe.workloadIndex.get('b') ?? -1]);
    expect(resolveEnds(universe, endpoint('host:h'), endpoint('10.0.0.1'))[1].kind).toBe('problem');
    expect(resolveEnds(universe, endpoint('10.0.0.1'), endpoint('c'))[0].kind).toBe('nodes');
  });
});

it('every owned address leads to its nodes', () => {
  const { universe } = buildUniverse([
    layer({ workloads: [vm('a', ['10.0.0.1', '2001:db8::1'])], hosts: [host('h', ['10.0.0.1'])] }),
  ]);
  expect([...universe.owners.values()]).toEqual([[0, 2], [1]]);
  const all = ['10.0.0.1', '2001:db8::1'].map((text) => singleAddress(endpointAddress(text)));
  expect(equalAddresses(universe.owned, unionAllAddresses(all))).toBe(true);
});

function endpointAddress(text: string) {
  const ref = endpoint(text);
  if (ref.kind !== 'address') throw new Error(`${text} is no address`);
  return ref.address;
}
