// Machines, interfaces, ports, segments and gateways of a dump as the world of the layer.
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../../src/net/address.ts';
import { formatAddressSet } from '../../../src/net/address-set.ts';
import { codes, dropAll, dump, findings, policy, read, rule, verdict, vif, vm } from './dump.ts';

const worldOf = (parts: Parameters<typeof dump>[0]) => read(dump({ policies: [dropAll], ...parts })).layer.world;

describe('machines', () => {
  it('keep what NSX knows of them', () => {
    const [own] = worldOf({
      machines: [
        vm('web-01', ['tier|web', 'tier|front', 'loose'], {
          guest_info: { os_name: 'Ubuntu Linux', computer_name: 'web-01.example.org' },
          host_id: 'host-7',
          compute_ids: ['instanceUuid:502e71fa'],
          power_state: 'VM_RUNNING',
        }),
      ],
    }).workloads;
    expect(own).toMatchObject({
      id: 'web-01',
      kind: 'vm',
      name: 'web-01',
      os: 'Ubuntu Linux',
      hostname: 'web-01.example.org',
      host: 'host-7',
      externalIds: ['id-web-01', 'instanceUuid:502e71fa'],
    });
    expect([...(own?.labels ?? [])]).toEqual([
      ['tier', ['web', 'front']],
      ['', ['loose']],
    ]);
    expect(own?.span).toMatchObject({ file: 'file-0.json' });
  });

  it('are called by their display name where it is unique, else by their external id', () => {
    const ids = (...machines: readonly object[]): readonly string[] =>
      worldOf({ machines }).workloads.map(({ id }) => id);
    expect(ids(vm('a'), vm('b'))).toEqual(['a', 'b']);
    expect(ids(vm('a', [], { external_id: 'x' }), vm('a', [], { external_id: 'y' }), vm('b'))).toEqual(['x', 'y', 'b']);
    expect(ids({ display_name: 'a' }, { display_name: 'a' })).toEqual(['a', 'a~2']);
    expect(
      ids(vm('a', [], { external_id: 'x' }), vm('a', [], { external_id: 'y' }), vm('x', [], { external_id: 'z' })),
    ).toEqual(['x', 'y', 'x~2']);
  });

  it('of one external id are reported, and the first is used', () => {
    const file = dump({ machines: [vm('a'), vm('b', [], { external_id: 'id-a' })], policies: [dropAll] });
    expect(codes(file)).toEqual(['nsx/duplicate']);
    expect(read(file).layer.world.workloads.map(({ id }) => id)).toEqual(['a']);
  });
});

describe('interfaces', () => {
  it('have the addresses that were found, the MAC, and the segment of the port that they are attached to', () => {
    const [own] = worldOf({
      machines: [vm('a')],
      vifs: [vif('a', ['10.0.0.1', 'fe80::1'], { mac_address: '00:50:56:AA:00:01', lport_attachment_id: 'at' })],
      segments: [
        {
          id: 'blue',
          path: '/infra/segments/blue',
          segment_ports: [
            {
              id: 'p',
              attachment: { id: 'at' },
              address_bindings: [{ ip_address: '10.0.0.2' }, { ip_address: '10.0.0.1' }],
            },
          ],
        },
      ],
    }).workloads;
    expect(
      own?.interfaces.map(({ name, segment, addresses, mac }) => ({
        name,
        segment,
        addresses: addresses.map(formatAddress),
        mac,
      })),
    ).toEqual([
      {
        name: 'Network adapter 1',
        segment: 'blue',
        addresses: ['10.0.0.1', 'fe80::1', '10.0.0.2'],
        mac: '00:50:56:aa:00:01',
      },
    ]);
  });

  it('are told apart where they have one name', () => {
    const [own] = worldOf({
      machines: [vm('a')],
      vifs: [vif('a', []), vif('a', [], { external_id: 'second' })],
    }).workloads;
    expect(own?.interfaces.map(({ name }) => name)).toEqual(['Network adapter 1', 'Network adapter 1~2']);
  });

  it('of machines that are not in the dump are counted', () => {
    const found = read(
      dump({ machines: [vm('a')], vifs: [vif('x', []), vif('y', [])], policies: [dropAll] }),
    ).diagnostics;
    expect(found.map(({ code, message }) => [code, message])).toEqual([
      ['nsx/unknown-reference', '2 network interfaces of machines that are not in the dump'],
    ]);
  });

  it('with an address that is none', () => {
    expect(findings(dump({ machines: [vm('a')], vifs: [vif('a', ['10.0.0.256'])], policies: [dropAll] }))).toEqual([
      'nsx/invalid-address: "10.0.0.256"',
    ]);
  });
});

describe('who a rule means', () => {
  const rules = [policy('p', 'Application', [rule('r', { source_groups: ['10.0.0.1'] })]), dropAll];

  it('goes by realised addresses: machines of one address match together', () => {
    const imported = read(
      dump({
        machines: [vm('a'), vm('twin'), vm('b')],
        vifs: [vif('a', ['10.0.0.1']), vif('twin', ['10.0.0.1']), vif('b', ['10.0.0.2'])],
        policies: rules,
      }),
    );
    expect(imported.layer.dialect).toMatchObject({ name: 'nsx', peers: 'realised-address' });
    expect(['a', 'twin', 'b'].map((name) => verdict(imported, `${name} -> 198.51.100.1 tcp/1`))).toEqual([
      'allow',
      'allow',
      'drop',
    ]);
  });

  it('goes by identity where the dump has no address at all', () => {
    expect(read(dump({ machines: [vm('a')], vifs: [vif('a', [])], policies: rules })).layer.dialect).toMatchObject({
      name: 'nsx',
      peers: 'identity',
    });
  });
});

describe('segments and gateways', () => {
  const tier0 = {
    id: 't0',
    path: '/infra/tier-0s/t0',
    display_name: 'T0',
    locale_services: [
      {
        id: 'l',
        interfaces: [{ id: 'u', type: 'EXTERNAL', subnets: [{ ip_addresses: ['192.0.2.1'], prefix_len: 30 }] }],
      },
    ],
  };
  const tier1 = {
    id: 't1',
    path: '/infra/tier-1s/t1',
    tier0_path: '/infra/tier-0s/t0',
    route_advertisement_types: ['TIER1_CONNECTED', 'TIER1_STATIC_ROUTES', 'TIER1_LB_VIP'],
  };
  const segment = {
    id: 'blue',
    path: '/infra/segments/blue',
    connectivity_path: '/infra/tier-1s/t1',
    overlay_id: 5001,
    vlan_ids: ['12'],
    subnets: [{ gateway_address: '10.0.0.1/24' }],
    tags: [{ scope: 'zone', tag: 'inner' }],
  };

  it('keep how they are connected', () => {
    const { segments, routers } = worldOf({ segments: [segment], more: { tier0: [tier0], tier1: [tier1] } });
    expect(segments).toMatchObject([{ id: 'blue', vni: 5001, vlan: 12, router: 't1' }]);
    expect(
      segments[0]?.subnets.map(({ gateway, network }) => [formatAddress(gateway), formatAddressSet(network)]),
    ).toEqual([['10.0.0.1', '10.0.0.0/24']]);
    expect(segments[0]?.labels.get('zone')).toEqual(['inner']);
    expect(routers).toMatchObject([
      { id: 'T0', kind: 'tier0', connects: null, uplinks: [{ prefixLength: 30 }] },
      { id: 't1', kind: 'tier1', connects: 'T0', advertises: ['connected', 'static', 'lb-vip'] },
    ]);
  });

  it('say what is missing or wrong', () => {
    const of = (own: object): readonly string[] =>
      findings(dump({ segments: [{ ...segment, connectivity_path: null, ...own }], policies: [dropAll] }));
    expect(of({ connectivity_path: '/infra/tier-1s/gone' })).toEqual(['nsx/unknown-reference: "/infra/tier-1s/gone"']);
    expect(of({ subnets: [{ gateway_address: '10.0.0.1' }] })).toEqual(['nsx/invalid-address: "10.0.0.1"']);
    expect(of({ subnets: [{ network: '10.0.0.0/24' }] })).toEqual(['nsx/missing-field: { "network": "10.0.0.0/24" }']);
    expect(of({ vlan_ids: ['0-4094'] })).toEqual([]);
  });
});

describe('ports without a machine', () => {
  const segments = [
    {
      id: 'blue',
      path: '/infra/segments/blue',
      segment_ports: [
        {
          id: 'web',
          attachment: { id: 'at' },
          address_bindings: [{ ip_address: '10.0.0.9', mac_address: '00:50:56:00:00:09' }],
        },
      ],
    },
  ];

  it('stand for one where the dump has no machines', () => {
    const imported = read(dump({ segments, policies: [dropAll] }));
    expect(imported.diagnostics.map(({ code }) => code)).toEqual(['nsx/port-without-machine']);
    expect(imported.layer.world.workloads).toMatchObject([
      { id: 'web', externalIds: ['at'], interfaces: [{ name: 'eth0', segment: 'blue', mac: '00:50:56:00:00:09' }] },
    ]);
    expect(verdict(imported, 'web -> 198.51.100.1 tcp/1')).toBe('drop');
  });

  it('are left out where it has', () => {
    const imported = read(dump({ machines: [vm('a')], segments, policies: [dropAll] }));
    expect(imported.diagnostics.map(({ code }) => code)).toEqual(['nsx/port-without-machine']);
    expect(imported.layer.world.workloads.map(({ id }) => id)).toEqual(['a']);
  });
});
