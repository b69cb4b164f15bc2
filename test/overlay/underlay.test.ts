// What lies between hosts and between sites: kinds of tunnels, how much they carry, and transport zones.
import { describe, expect, it } from 'vitest';
import { membersOfSegment } from '../../src/overlay/control/tables.ts';
import { checkFabric } from '../../src/overlay/fabric/check-fabric.ts';
import { fabricOf, walkOf } from './fabric-of.ts';

const world = (tunnel: string) => ({
  seg: `tiers { only default allow }
site a : on-prem
site b : cloud
tunnel a <-> b { ${tunnel} }
tier1 t1-a { connects t0-a  advertises connected }
tier1 t1-b { connects t0-b  advertises connected }
segment wide stretched a, b { vni 5000  subnet 10.0.0.1/24  on t1-a }
segment far in b { vni 5001  subnet 10.1.0.1/24  on t1-b }
host ha in a { tep 172.16.0.1 }
host hb in b { tep 172.16.1.1 }
host ea in a { kind edge  tep 172.16.0.9 }
host eb in b { kind edge  tep 172.16.1.9 }
vm near on ha { nic wide 10.0.0.11 }
vm moved on hb { nic wide 10.0.0.12 }
vm there on hb { nic far 10.1.0.11 }`,
  inventory: `routers:
  - { id: t0-a, kind: tier0, sites: [a], edges: [ea], uplinks: [192.0.2.1/30], routes: [{ to: 10.1.0.0/16, site: b }] }
  - { id: t0-b, kind: tier0, sites: [b], edges: [eb], uplinks: [192.0.2.5/30], routes: [{ to: 10.0.0.0/16, site: a }] }
`,
});
const end = (tunnel: string, flow: string, size = 60) =>
  walkOf(fabricOf(world(tunnel)).fabric, flow, { size }).disposition;

describe('a tunnel between sites', () => {
  it.each([
    ['kind ipsec', 'delivered', 'delivered'],
    ['kind direct-connect', 'delivered', 'delivered'],
    ['kind l2-extension', 'delivered', 'tunnel-down'],
  ])('%s: a frame of a stretched segment is %s, a routed packet %s', (tunnel, frame, routed) => {
    expect(end(tunnel, 'near -> moved tcp/80')).toBe(frame);
    expect(end(tunnel, 'near -> there tcp/80')).toBe(routed);
  });

  it('an L2 extension alone is told of where a route leads to its other side', () => {
    const found = checkFabric(fabricOf(world('kind l2-extension'))).map(({ code, message }) => `${code} ${message}`);
    expect(found).toContain('fabric/no-tunnel no tunnel that carries routed packets joins `a` and `b`');
    expect(checkFabric(fabricOf(world('kind ipsec'))).map(({ code }) => code)).not.toContain('fabric/no-tunnel');
  });

  it.each([
    // 1600 between hosts; Geneve takes 50, ESP another 57.
    ['kind direct-connect', 1500, 'delivered'],
    ['kind ipsec', 1493, 'delivered'],
    ['kind ipsec', 1494, 'too-big'],
    ['kind ipsec  mtu 1600', 1500, 'delivered'],
    ['kind direct-connect  mtu 1500', 1451, 'too-big'],
  ])('%s: a frame of %d bytes is %s', (tunnel, size, expected) => {
    expect(end(tunnel, 'near -> moved tcp/80', size)).toBe(expected);
  });
});

describe('transport zones', () => {
  const zoned = (zones: string) =>
    fabricOf({
      seg: `tiers { only default allow }
tier1 t1 { advertises connected }
segment n { vni 5000  zone one  subnet 10.0.0.1/24  on t1 }
segment m { vni 5001  zone two  subnet 10.0.1.1/24  on t1 }
host h1 { tep 172.16.0.1  ${zones} }
host h2 { tep 172.16.0.2 }
vm a on h1 { nic n 10.0.0.11 }
vm b on h2 { nic n 10.0.0.12 }
vm c on h2 { nic m 10.0.1.12 }`,
    });

  it('carry their own segments alone: a host outside of one neither sends into it nor is told of', () => {
    const { fabric } = zoned('zone one');
    expect(walkOf(fabric, 'a -> b tcp/80').disposition).toBe('delivered');
    const lost = walkOf(fabric, 'a -> c tcp/80');
    expect([lost.disposition, lost.reason]).toEqual(['unreachable-host', 'host `h1` is not in transport zone `two`']);
    expect(walkOf(zoned('').fabric, 'a -> c tcp/80').disposition).toBe('delivered');
  });

  it('a host that is not in the zone of a segment is no member of it', () => {
    const { fabric } = zoned('zone two');
    const segment = fabric.segments.get('n');
    expect(segment === undefined ? null : membersOfSegment(fabric, segment).map(({ id }) => id)).toEqual(['h2']);
    expect(walkOf(fabric, 'a -> b tcp/80').disposition).toBe('unreachable-host');
  });
});
