// Worlds of several layers become one: workloads by id or external id, hosts by id, interfaces by name (semantics §2a).
import { describe, expect, it } from 'vitest';
import { mergeWorlds } from '../../src/graph/merge.ts';
import { formatAddress } from '../../src/net/address.ts';
import { face, host, labels, layer, vm } from '../kit/layers.ts';

const ids = (layers: Parameters<typeof mergeWorlds>[0]): readonly string[] =>
  mergeWorlds(layers).world.endpoints.map((endpoint) => `${endpoint.kind} ${endpoint.id}`);

describe('workloads of several layers', () => {
  it('are one where they have one id, and keep what each layer says', () => {
    const { world } = mergeWorlds([
      layer({ workloads: [vm('a', ['10.0.0.1'], { labels: labels({ app: 'x' }) })] }),
      layer({ workloads: [vm('a', [], { labels: labels({ zone: 'dmz' }), host: 'esx' })] }),
    ]);
    const [endpoint] = world.endpoints;
    expect(endpoint?.kind === 'workload' && [...endpoint.views.keys()]).toEqual([0, 1]);
    expect(endpoint?.kind === 'workload' && endpoint.host).toBe('esx');
  });

  it('are one where another layer knows the same external id, under the id of the first', () => {
    const layers = [
      layer({ workloads: [vm('web', [], { externalIds: ['x-1'] })] }),
      layer({ workloads: [vm('vm-77', [], { externalIds: ['x-1', 'y-2'] })] }),
      layer({ workloads: [vm('pod', [], { externalIds: ['y-2'] }), vm('other', [], { externalIds: ['z'] })] }),
    ];
    expect(ids(layers)).toEqual(['workload other', 'workload web']);
    expect([...mergeWorlds(layers).world.otherIds]).toEqual([
      ['vm-77', 'web'],
      ['pod', 'web'],
    ]);
  });

  it('of one layer are never one, whatever external ids they share; ids go before external ids', () => {
    const twins = [vm('a', [], { externalIds: ['x'] }), vm('b', [], { externalIds: ['x'] })];
    expect(ids([layer({ workloads: twins })])).toEqual(['workload a', 'workload b']);
    const second = layer({ workloads: [vm('b', [], { externalIds: ['x'] })] });
    expect(ids([layer({ workloads: [vm('a', [], { externalIds: ['x'] }), vm('b')] }), second])).toEqual([
      'workload a',
      'workload b',
    ]);
  });

  it('are never one because of an address', () => {
    expect(ids([layer({ workloads: [vm('a', ['10.0.0.1'])] }), layer({ workloads: [vm('b', ['10.0.0.1'])] })])).toEqual(
      ['workload a', 'workload b'],
    );
  });

  it('join their interfaces by name, and addresses once each', () => {
    const { world } = mergeWorlds([
      layer({ workloads: [vm('a', ['10.0.0.1'])] }),
      layer({
        workloads: [
          vm('a', ['10.0.0.1', '10.0.0.2']),
          vm('a', [], { interfaces: [face('eth1', ['10.1.0.1'], { mac: 'm' })] }),
        ],
      }),
    ]);
    const [endpoint] = world.endpoints;
    const faces = endpoint?.kind === 'workload' ? endpoint.interfaces : [];
    expect(faces.map((item) => [item.name, item.addresses.map(formatAddress).join(' '), item.mac])).toEqual([
      ['eth0', '10.0.0.1 10.0.0.2', null],
      ['eth1', '10.1.0.1', 'm'],
    ]);
  });
});

it('endpoints are sorted: workloads, then hosts, by id', () => {
  const layers = [
    layer({ workloads: [vm('b'), vm('a')], hosts: [host('z', []), host('c', [])] }),
    layer({ workloads: [vm('B')] }),
  ];
  expect(ids(layers)).toEqual(['workload B', 'workload a', 'workload b', 'host c', 'host z']);
});

describe('what is said of merging', () => {
  const codes = (...layers: Parameters<typeof mergeWorlds>[0]): readonly string[] =>
    mergeWorlds(layers).diagnostics.map(({ code, message }) => `${code}: ${message}`);

  it('is nothing where all have interfaces', () => {
    expect(codes(layer({ workloads: [vm('a', ['10.0.0.1'])] }), layer({ workloads: [vm('a')] }))).toEqual([]);
  });

  it('is one note for all workloads without an interface', () => {
    expect(codes(layer({ workloads: [vm('a')] }))).toEqual(['layer/no-interface: `a` has no known interface']);
    const many = Array.from({ length: 8 }, (_, i) => vm(`w${i}`));
    expect(codes(layer({ workloads: many }))).toEqual([
      'layer/no-interface: `w0`, `w1`, `w2`, `w3`, `w4` and 3 more have no known interface',
    ]);
  });

  it('is that two kinds contradict each other', () => {
    expect(
      codes(layer({ workloads: [vm('a', ['10.0.0.1'])] }), layer({ workloads: [vm('a', [], { kind: 'container' })] })),
    ).toEqual(['layer/kind-differs: `a` is a vm in one layer and a container in another']);
  });
});
