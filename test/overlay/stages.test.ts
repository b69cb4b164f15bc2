// What each stage does to a packet, told by the way it takes through two sites, a cloud network and a cluster.

import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/net/address.ts';
import { NO_FAILURES, tunnelKey } from '../../src/overlay/fabric/fabric.ts';
import { createConnections } from '../../src/overlay/packet/connections.ts';
import { stageNames } from '../../src/overlay/step/step.ts';
import type { WalkOptions } from '../../src/overlay/walk/walk.ts';
import { fabricOf, linesOf, walkOf } from './fabric-of.ts';
import { TWO_SITES } from './two-sites.ts';

const { fabric } = fabricOf(TWO_SITES);
const walk = (flow: string, options: WalkOptions = {}) => walkOf(fabric, flow, options);
const stagesOf = (flow: string, options: WalkOptions = {}) => walk(flow, options).steps.map(({ stage }) => stage);
const end = (flow: string, options: WalkOptions = {}) => {
  const { disposition, reason } = walk(flow, options);
  return [disposition, reason];
};

describe('switching and routing', () => {
  it('on one host no wire is used', () => {
    expect(stagesOf('web-1 -> web-2 icmp/8')).toEqual([
      ...['vnic', 'spoofguard', 'ethernet', 'dfw-out', 'segment', 'dfw-in', 'delivery'],
    ]);
  });

  it('between hosts the frame is wrapped for the VNI of the segment, from endpoint to endpoint', () => {
    const { steps } = walk('web-1 -> web-3 icmp/8');
    expect(steps.find(({ outer }) => outer !== null)?.outer).toMatchObject({
      vni: 5001,
      destinationPort: 6081,
      size: 110,
    });
    expect(stagesOf('web-1 -> web-3 icmp/8')).not.toContain('router');
  });

  it('VXLAN has its own port and the same size', () => {
    const { steps } = walk('web-1 -> web-3 icmp/8', { encapsulation: 'vxlan' });
    expect(steps.find(({ outer }) => outer !== null)?.outer).toMatchObject({
      encapsulation: 'vxlan',
      destinationPort: 4789,
      size: 110,
    });
  });

  it('is routed on the host that it comes from, into the segment that it goes to', () => {
    const { steps } = walk('web-1 -> app-1 tcp/8080');
    const routed = steps.findIndex(({ stage }) => stage === 'router');
    expect(steps[routed]?.packet.host?.id).toBe('h-1');
    expect(steps.find(({ outer }) => outer !== null)?.outer?.vni).toBe(5002);
    expect(steps.at(-1)?.packet.header.ttl).toBe(63);
  });

  it('a tier-1 with edges is passed at its service router, each way', () => {
    const lines = linesOf(walk('app-2 -> db-1 tcp/5432').steps);
    expect(lines).toContain('service-router t1-db SR routed');
    expect(linesOf(walk('app-2 -> db-1 tcp/5432').reply?.steps ?? [])).toContain('service-router t1-db SR routed');
  });

  it('a stretched segment goes from endpoint to endpoint across sites', () => {
    const { steps, disposition } = walk('web-1 -> app-3 tcp/8080');
    expect(disposition).toBe('delivered');
    expect(steps.find(({ stage }) => stage === 'underlay')?.latency).toBe('wide');
    expect(steps.map(({ stage }) => stage)).not.toContain('tunnel');
  });

  it('IPv6 neighbours are found as IPv4 ones are', () => {
    const { steps, disposition } = walk('2001:db8:1:1::11 -> 2001:db8:1:1::13 icmp6/128');
    expect(disposition).toBe('delivered');
    expect(steps.flatMap(({ tables }) => tables)).toContainEqual(
      expect.objectContaining({ table: 'nd', key: '2001:db8:1:1::13' }),
    );
  });

  it('an address that nobody has is asked for in vain', () => {
    expect(end('web-1 -> 10.1.1.99 tcp/80')).toEqual(['arp-unresolved', 'nothing on `web-net` has `10.1.1.99`']);
  });

  it('a gateway answers for itself', () => {
    expect(end('web-1 -> 10.1.1.1 icmp/8')[0]).toBe('delivered');
  });
});

describe('time to live and size', () => {
  it('ends where the last hop is taken, and the router says so', () => {
    const { disposition, answer } = walk('web-1 -> far-1 tcp/443', { ttl: 2 });
    expect(disposition).toBe('ttl-exceeded');
    expect([answer?.kind, answer?.disposition]).toEqual(['time-exceeded', 'delivered']);
  });

  it('a switched packet that does not fit is dropped, a routed one is answered', () => {
    const narrow = fabricOf({
      ...TWO_SITES,
      seg: TWO_SITES.seg?.replace('tep 172.16.1.12 }', 'tep 172.16.1.12  mtu 1400 }') ?? '',
    });
    const size = { size: 1380 };
    const switched = walkOf(narrow.fabric, 'web-1 -> web-3 icmp/8', size);
    expect([switched.disposition, switched.answer]).toEqual(['too-big', null]);
    const routed = walkOf(narrow.fabric, 'web-1 -> app-1 tcp/8080', size);
    expect([routed.disposition, routed.answer?.kind]).toEqual(['too-big', 'too-big']);
    expect(walkOf(narrow.fabric, 'web-1 -> app-1 tcp/8080', { ...size, dontFragment: false }).disposition).toBe(
      'delivered',
    );
    expect(walkOf(narrow.fabric, 'web-1 -> app-1 tcp/8080', { size: 1350 }).disposition).toBe('delivered');
  });

  it('an interface sends nothing larger than its segment takes', () => {
    expect(end('web-1 -> web-2 icmp/8', { size: 1501 })[0]).toBe('too-big');
  });
});

describe('the distributed firewall', () => {
  it('rejects at the sender without a packet, and from afar with one that travels', () => {
    const near = walk('app-1 -> web-1 tcp/22');
    expect([near.disposition, near.answer?.kind, near.answer?.local]).toEqual(['denied-out', 'tcp-reset', true]);
    const far = walk('app-1 -> web-1 tcp/23');
    expect([far.disposition, far.answer?.kind, far.answer?.local, far.answer?.disposition]).toEqual([
      'denied-in',
      'tcp-reset',
      false,
      'delivered',
    ]);
    expect(far.answer?.steps.map(({ stage }) => stage)).toContain('encapsulation');
    expect(far.answer?.steps.at(-2)?.note).toBe('about a connection');
  });

  it('lets a packet of a connection through, until the connection is forgotten', () => {
    const connections = createConnections();
    expect(walk('web-1 -> app-1 udp/53', { connections, now: 0 }).disposition).toBe('delivered');
    const again = walk('web-1 -> app-1 udp/53', { connections, now: 30 });
    expect(again.steps.find(({ stage }) => stage === 'dfw-out')?.note).toBe('part of a connection (multiple)');
    const later = walk('web-1 -> app-1 udp/53', { connections, now: 300 });
    expect(later.steps.find(({ stage }) => stage === 'dfw-out')?.rules).toHaveLength(1);
  });

  it('a strict rule takes a connection from its first packet only', () => {
    const strict = fabricOf({
      seg: `tiers { only default drop }
host h { tep 172.16.0.1 }
segment n { vni 5000  subnet 10.0.0.1/24 }
vm a on h { nic n 10.0.0.11 }
vm b on h { nic n 10.0.0.12 }
policy p in only { allow ab: a -> b on tcp/80  strict }`,
    });
    expect(walkOf(strict.fabric, 'a -> b tcp/80').disposition).toBe('delivered');
    expect(walkOf(strict.fabric, 'a -> b tcp/80', { flags: 'ack' }).disposition).toBe('state-mismatch');
    expect(end('web-1 -> web-2 tcp/443', { flags: 'ack' })[0]).toBe('delivered');
  });

  it('what nobody listens for is refused by the destination', () => {
    const deaf = fabricOf(TWO_SITES, { listens: (_, { destinationPort }) => destinationPort !== 443 });
    const refused = walkOf(deaf.fabric, 'web-1 -> web-2 tcp/443');
    expect([refused.disposition, refused.answer?.kind, refused.answer?.disposition]).toEqual([
      'refused',
      'tcp-reset',
      'delivered',
    ]);
  });
});

describe('gateways', () => {
  it('hide what goes out behind one address, and find it again', () => {
    const { steps, reply } = walk('db-1 -> 198.51.100.7 tcp/443');
    const names = steps.map(({ stage }) => stage);
    expect(names.indexOf('gateway-firewall')).toBeLessThan(names.indexOf('nat'));
    expect(steps.find(({ stage }) => stage === 'nat')?.note).toBe(
      '10.1.3.11:49152 -> 198.51.100.7:443 becomes 203.0.113.9:49152 -> 198.51.100.7:443',
    );
    expect(reply?.steps.at(-1)?.packet.target?.id).toBe('db-1/eth0');
  });

  it('publish an address for one service, and judge what is behind it', () => {
    const { steps, disposition } = walk('198.51.100.7 -> 203.0.113.10 tcp/443');
    const names = steps.map(({ stage }) => stage);
    expect(disposition).toBe('delivered');
    expect(names.indexOf('nat')).toBeLessThan(names.indexOf('gateway-firewall'));
    expect(end('198.51.100.7 -> 203.0.113.10 tcp/80')[0]).toBe('no-translation');
  });

  it.each([
    ['external', '203.0.113.10', ['gateway-firewall', 'nat']],
    ['bypass', '203.0.113.10', ['nat']],
  ] as const)('a translation of match %s', (match, destination, expected) => {
    const inventory = TWO_SITES.inventory
      ?.replace('translated: 10.1.1.11 }', `translated: 10.1.1.11, match: ${match} }`)
      .replace('destination: [10.1.1.0/24], services: [tcp/443]', 'destination: [203.0.113.10], services: [tcp/443]');
    const other = fabricOf({ ...TWO_SITES, inventory: inventory ?? '' });
    const { steps, disposition } = walkOf(other.fabric, `198.51.100.7 -> ${destination} tcp/443`);
    expect(disposition).toBe('delivered');
    expect(steps.map(({ stage }) => stage).filter((stage) => stage === 'nat' || stage === 'gateway-firewall')).toEqual(
      expected,
    );
  });

  it('drop what no rule of theirs lets in', () => {
    expect(end('10.2.1.11 -> web-1 tcp/80')[0]).toBe('denied-out');
    const open = fabricOf({ ...TWO_SITES, seg: TWO_SITES.seg?.replace('default drop', 'default allow') ?? '' });
    const { disposition, steps } = walkOf(open.fabric, 'far-1 -> web-1 tcp/80');
    expect(disposition).toBe('denied-at-gateway');
    expect(steps.at(-1)?.rules.map(({ rule }) => rule)).toEqual(['rest']);
  });

  it('do not let the world reach private addresses', () => {
    expect(end('198.51.100.7 -> web-1 tcp/443')[0]).toBe('no-route');
  });
});

describe('the cloud network', () => {
  it('judges at its boundary without state: the answer needs a rule of its own', () => {
    const open = fabricOf({ ...TWO_SITES, seg: TWO_SITES.seg?.replace('default drop', 'default allow') ?? '' });
    expect(walkOf(open.fabric, 'far-1 -> cloud-1 tcp/443').disposition).toBe('reply-blocked');
    expect(walkOf(open.fabric, 'far-1 -> cloud-1 tcp/80').disposition).toBe('denied-at-boundary');
    const steps = walkOf(open.fabric, 'cloud-1 -> far-1 tcp/443').steps.map(({ stage }) => stage);
    expect(steps.slice(3, 8)).toEqual(['dfw-out', 'security-group-out', 'segment', 'access-list-out', 'router']);
  });
});

describe('pods of a node that is a virtual machine', () => {
  it('reach each other on one node without leaving it', () => {
    expect(stagesOf('pod-1 -> pod-2 tcp/8080').slice(-3)).toEqual(['node', 'dfw-in', 'delivery']);
  });

  it('reach those of other nodes inside packets between the nodes, which are judged on the way', () => {
    const { steps, disposition } = walk('pod-1 -> pod-3 tcp/8080');
    expect(disposition).toBe('delivered');
    const judged = steps.filter(({ stage }) => stage.startsWith('dfw')).map(({ component }) => component);
    expect(judged).toEqual(['pod-1/eth0', 'node-1/eth0', 'node-2/eth0', 'pod-3/eth0']);
    const closed = fabricOf({ ...TWO_SITES, seg: TWO_SITES.seg?.replace('allow nodes:', 'drop nodes:') ?? '' });
    expect(walkOf(closed.fabric, 'pod-1 -> pod-3 tcp/8080').disposition).toBe('denied-on-the-way');
  });

  it('reach the rest of the world with the address of the node, and are found again', () => {
    const { steps, reply, disposition } = walk('pod-1 -> db-1 tcp/5432');
    expect(disposition).toBe('delivered');
    expect(steps.at(-1)?.packet.header.source).toEqual(parseAddress('10.1.2.31'));
    expect(reply?.steps.at(-1)?.packet.target?.id).toBe('pod-1/eth0');
  });
});

describe('what has failed', () => {
  const failing = (what: Partial<typeof NO_FAILURES>) =>
    fabricOf(TWO_SITES, { failures: { ...NO_FAILURES, ...what } }).fabric;

  it('a host cannot be reached, nor send', () => {
    const without = failing({ hosts: new Set(['h-2']) });
    expect(walkOf(without, 'web-1 -> app-1 tcp/8080').disposition).toBe('unreachable-host');
    expect(walkOf(without, 'web-3 -> app-2 tcp/8080').disposition).toBe('unreachable-host');
  });

  it('a tunnel that is down cuts segments and routes', () => {
    const without = failing({ tunnels: new Set([tunnelKey('west', 'east')]) });
    expect(walkOf(without, 'web-1 -> app-3 tcp/8080').disposition).toBe('tunnel-down');
    expect(walkOf(without, 'web-1 -> far-1 tcp/443').disposition).toBe('tunnel-down');
  });

  it('a gateway without an edge has no way out', () => {
    const without = failing({ hosts: new Set(['edge-e']) });
    expect(walkOf(without, 'db-1 -> 198.51.100.7 tcp/443').disposition).toBe('unreachable-host');
  });
});

it('an address that is not the interface\u2019s is dropped where its segment asks for that, and else in doubt', () => {
  const address = parseAddress('10.1.1.99');
  if ('problem' in address) throw new Error(address.problem);
  expect(end('web-1 -> web-2 tcp/443', { spoof: address })[0]).toBe('unknown');
  const seg = TWO_SITES.seg?.replace('vni 5001  subnet', 'vni 5001  spoofguard yes  subnet') ?? '';
  const guarded = fabricOf({ ...TWO_SITES, seg });
  expect(walkOf(guarded.fabric, 'web-1 -> web-2 tcp/443', { spoof: address }).disposition).toBe('spoofed');
});

it('every stage is met by some walk of these tests', () => {
  const open = fabricOf({ ...TWO_SITES, seg: TWO_SITES.seg?.replace('default drop', 'default allow') ?? '' });
  const flows = [
    'db-1 -> 198.51.100.7 tcp/443',
    'far-1 -> cloud-1 tcp/443',
    'pod-1 -> db-1 tcp/5432',
    'cloud-1 -> far-1 tcp/443',
    'web-1 -> 10.96.0.10 tcp/80',
  ];
  const seen = new Set(flows.flatMap((flow) => walkOf(open.fabric, flow).steps.map(({ stage }) => stage)));
  expect(stageNames.filter((stage) => !seen.has(stage))).toEqual([]);
});
