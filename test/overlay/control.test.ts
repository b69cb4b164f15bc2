// The control tables of six hosts in two subnets of tunnel endpoints, against what was worked out by hand, and what a
// flooded frame costs in either way of replication.

import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/net/address.ts';
import { askNeighbour, flood } from '../../src/overlay/control/replication.ts';
import { controlTables } from '../../src/overlay/control/tables.ts';
import type { Fabric, FabricHost, FabricSegment, Vnic } from '../../src/overlay/fabric/fabric.ts';
import { fabricOf } from './fabric-of.ts';

const seg = (replication: string) => `
site a : on-prem { tep-subnet 172.16.1.0/24 }
site b : on-prem { tep-subnet 172.16.2.0/24 }
tunnel a <-> b { kind ipsec }
tier0 t0 in a
tier1 t1 { connects t0  advertises connected }
segment web stretched a, b { vni 5001  replication ${replication}  subnet 10.0.1.1/24 2001:db8:1::1/64  on t1 }
segment db in a { vni 5002  subnet 10.0.2.1/24  on t1 }
host h1 in a { tep 172.16.1.1 }
host h2 in a { tep 172.16.1.2 }
host h3 in a { tep 172.16.1.3 }
host h4 in b { tep 172.16.2.4 }
host h5 in b { tep 172.16.2.5 }
host h6 in b { tep 172.16.2.6 }
vm w1 on h1 { nic web 10.0.1.11 2001:db8:1::11 mac 00:50:56:00:00:11 }
vm w2 on h2 { nic web 10.0.1.12 mac 00:50:56:00:00:12 }
vm w4 on h4 { nic web 10.0.1.14 mac 00:50:56:00:00:14 }
vm w5 on h5 { nic web 10.0.1.15 mac 00:50:56:00:00:15 }
vm w6 on h6 { nic web 10.0.1.16 mac 00:50:56:00:00:16 }
vm d1 on h1 { nic db 10.0.2.11 mac 00:50:56:00:00:21 }
vm d3 on h3 { nic db 10.0.2.13 mac 00:50:56:00:00:23 }
`;

const { fabric } = fabricOf({ seg: seg('mtep') });
const segmentOf = (of: Fabric, id: string) => of.segments.get(id) as FabricSegment;
const hostOf = (of: Fabric, id: string) => of.hosts.get(id) as FabricHost;

describe('the control tables of six hosts', () => {
  const { vnis, macs, arp } = controlTables(fabric);

  it('VNI to tunnel endpoints: the hosts that have an interface there', () => {
    expect(vnis.map(({ vni, host, tep }) => `${vni} ${host} ${tep}`)).toEqual([
      '5001 h1 172.16.1.1',
      '5001 h2 172.16.1.2',
      '5001 h4 172.16.2.4',
      '5001 h5 172.16.2.5',
      '5001 h6 172.16.2.6',
      '5002 h1 172.16.1.1',
      '5002 h3 172.16.1.3',
    ]);
  });

  it('MAC to tunnel endpoint: the host of each interface', () => {
    expect(macs.map(({ vni, mac, tep }) => `${vni} ${mac} ${tep}`)).toEqual([
      '5001 00:50:56:00:00:11 172.16.1.1',
      '5001 00:50:56:00:00:12 172.16.1.2',
      '5001 00:50:56:00:00:14 172.16.2.4',
      '5001 00:50:56:00:00:15 172.16.2.5',
      '5001 00:50:56:00:00:16 172.16.2.6',
      '5002 00:50:56:00:00:21 172.16.1.1',
      '5002 00:50:56:00:00:23 172.16.1.3',
    ]);
  });

  it('ARP and neighbours: every address, the gateway among them', () => {
    const gateway = (id: string): string => segmentOf(fabric, id).gatewayMac;
    expect(arp.map(({ segment, address, mac }) => `${segment} ${address} ${mac}`)).toEqual([
      `web 10.0.1.1 ${gateway('web')}`,
      'web 10.0.1.11 00:50:56:00:00:11',
      'web 10.0.1.12 00:50:56:00:00:12',
      'web 10.0.1.14 00:50:56:00:00:14',
      'web 10.0.1.15 00:50:56:00:00:15',
      'web 10.0.1.16 00:50:56:00:00:16',
      `web 2001:db8:1::1 ${gateway('web')}`,
      'web 2001:db8:1::11 00:50:56:00:00:11',
      `db 10.0.2.1 ${gateway('db')}`,
      'db 10.0.2.11 00:50:56:00:00:21',
      'db 10.0.2.13 00:50:56:00:00:23',
    ]);
  });

  it('a host that has failed is in none of them', () => {
    const failures = {
      hosts: new Set(['h4']),
      sites: new Set<string>(),
      routers: new Set<string>(),
      tunnels: new Set<string>(),
    };
    const { vnis: left } = controlTables(fabricOf({ seg: seg('mtep') }, { failures }).fabric);
    expect(left.map(({ host }) => host)).not.toContain('h4');
  });
});

describe('a flooded frame', () => {
  it('two-tier: one copy to each host of the own subnet and one to a proxy in the other, which copies it on', () => {
    const { copies, sent, total, crossing } = flood(fabric, segmentOf(fabric, 'web'), hostOf(fabric, 'h1'));
    expect(copies.map(({ from, to, role }) => `${from} ${to} ${role}`)).toEqual([
      'h1 h2 direct',
      'h1 h4 proxy',
      'h4 h5 relayed',
      'h4 h6 relayed',
    ]);
    expect({ sent, total, crossing }).toEqual({ sent: 2, total: 4, crossing: 1 });
  });

  it('head-end: one copy from the source to each', () => {
    const { fabric: other } = fabricOf({ seg: seg('source') });
    const { copies, sent, total, crossing } = flood(other, segmentOf(other, 'web'), hostOf(other, 'h1'));
    expect(copies.map(({ to, role }) => `${to} ${role}`)).toEqual(['h2 direct', 'h4 direct', 'h5 direct', 'h6 direct']);
    expect({ sent, total, crossing }).toEqual({ sent: 4, total: 4, crossing: 3 });
  });
});

describe('a question for a neighbour', () => {
  const from = fabric.vnics.get('w1/eth0') as Vnic;
  const ask = (text: string) => {
    const address = parseAddress(text);
    if ('problem' in address) throw new Error(address.problem);
    return askNeighbour(fabric, from, address);
  };

  it('is answered on the spot from the table, and never flooded', () => {
    expect(ask('10.0.1.16')).toEqual({ kind: 'suppressed', mac: '00:50:56:00:00:16', owner: 'w6/eth0' });
    expect(ask('10.0.1.1')).toMatchObject({ kind: 'suppressed', owner: 't1' });
  });

  it('is flooded where the table has no answer', () => {
    expect(ask('10.0.1.77')).toMatchObject({ kind: 'flooded', flood: { sent: 2, total: 4 } });
  });
});
