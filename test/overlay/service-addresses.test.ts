// Packets for a service address: one backend takes its place where they set out, the policy judges that, and what comes
// back has the address that was asked.

import { describe, expect, it } from 'vitest';
import { decide } from '../../src/evaluate/decide.ts';
import { parseAddress } from '../../src/net/address.ts';
import { createConnections } from '../../src/overlay/packet/connections.ts';
import { fabricOf, walkOf } from './fabric-of.ts';
import { TWO_SITES } from './two-sites.ts';

const open = { ...TWO_SITES, seg: TWO_SITES.seg?.replace('default drop', 'default allow') ?? '' };
const { fabric } = fabricOf(open);
const noteAt = (steps: ReturnType<typeof walkOf>['steps'], stage: string) =>
  steps.find((step) => step.stage === stage)?.note;

describe('a packet for a service address', () => {
  it('goes to a backend, whom the policy judges, and its answer comes from the service', () => {
    const { steps, reply, disposition } = walkOf(fabric, 'pod-1 -> 10.96.0.10 tcp/80/50001');
    expect(disposition).toBe('delivered');
    expect(steps.map(({ stage }) => stage).slice(2, 5)).toEqual(['ethernet', 'service', 'dfw-out']);
    const [, which = '', backend = ''] =
      /^(\d) of 3, (pod-\d) 10\.9\.0\.\d+ port 8080$/.exec(noteAt(steps, 'service') ?? '') ?? [];
    expect(Number(which)).toBeGreaterThan(0);
    expect(steps.at(-1)?.packet.target?.id).toBe(`${backend}/eth0`);
    expect(reply?.disposition).toBe('delivered');
    expect(noteAt(reply?.steps ?? [], 'delivery')).toBe('from 10.96.0.10 port 80 again');
    expect(reply?.steps.at(-1)?.packet.header).toMatchObject({ source: parseAddress('10.96.0.10'), sourcePort: 80 });
  });

  it('of one flow always goes to the same backend, of several flows to several', () => {
    const backendOf = (port: number): unknown =>
      walkOf(fabric, `pod-1 -> 10.96.0.10 tcp/80/${port}`).steps.at(-1)?.packet.target?.id;
    const found = Array.from({ length: 12 }, (_, i) => backendOf(50000 + i));
    expect(new Set(found).size).toBeGreaterThan(1);
    expect(Array.from({ length: 12 }, (_, i) => backendOf(50000 + i))).toEqual(found);
    const connections = createConnections();
    const twice = [1, 2].map(
      () => walkOf(fabric, 'pod-1 -> 10.96.0.10 tcp/80', { connections }).steps.at(-1)?.packet.target?.id,
    );
    expect(twice[0]).toBe(twice[1]);
  });

  it('is denied where its backends are, as the verdict says', () => {
    const closed = fabricOf(TWO_SITES);
    const address = parseAddress('10.96.0.10');
    if ('problem' in address) throw new Error(address.problem);
    const decision = decide(closed.fabric.evaluator, {
      source: { kind: 'workload', id: 'app-1', interface: null },
      destination: { kind: 'address', address },
      family: 4,
      service: { protocol: 6, a: 82, b: null },
    });
    const walked = walkOf(closed.fabric, 'app-1 -> 10.96.0.10 tcp/82/50001');
    expect([decision.verdict, walked.disposition]).toEqual(['drop', 'denied-out']);
  });

  it.each([
    [
      'nothing answers for the port',
      'pod-1 -> 10.96.0.10 tcp/443',
      'no-translation',
      'nothing is behind `api` for this service',
    ],
    [
      'nothing has the name of the port',
      'pod-1 -> 10.96.0.10 tcp/81',
      'no-translation',
      'nothing is behind `api` for this service',
    ],
    [
      'nothing has an address of the family',
      '2001:db8:1:1::11 -> 2001:db8:96::10 tcp/80',
      'no-translation',
      'nothing is behind `api` for this service',
    ],
    ['it is asked from outside', '198.51.100.7 -> 10.96.0.10 tcp/80', 'no-route', 'nothing has `10.96.0.10`'],
    ['it sends', '10.96.0.10 -> pod-1 tcp/80', 'unknown', '`api` is a service address, which sends nothing by itself'],
  ])('%s: %s is %s', (_, flow, end, reason) => {
    const { disposition, reason: why } = walkOf(fabric, flow);
    expect([disposition, why]).toEqual([end, reason]);
  });
});

describe('a rule of a gateway', () => {
  const gateway = (rule: string) =>
    fabricOf({
      seg: `${open.seg}\nservice https = tcp/443\naddresses partners = 198.51.100.0/24`,
      inventory:
        TWO_SITES.inventory?.replace(/- \{ id: web-in, action: allow, direction: in,[^}]*\}/, `- ${rule}`) ?? '',
    });
  const from = (rule: string, flow: string) => walkOf(gateway(rule).fabric, flow).disposition;

  it('means the members of the groups that it names, and services by name', () => {
    const rule =
      '{ id: web-in, action: allow, direction: in, sourceGroups: [partners], destinationGroups: [web], serviceNames: [https] }';
    expect(gateway(rule).unknownNames).toEqual([]);
    expect(from(rule, '198.51.100.7 -> 203.0.113.10 tcp/443')).toBe('delivered');
    expect(from(rule, '192.0.2.77 -> 203.0.113.10 tcp/443')).toBe('denied-at-gateway');
    expect(from(rule.replace('[web]', '[db]'), '198.51.100.7 -> 203.0.113.10 tcp/443')).toBe('denied-at-gateway');
    expect(from(rule.replace(', destinationGroups: [web]', ''), '198.51.100.7 -> 203.0.113.10 tcp/443')).toBe(
      'delivered',
    );
  });

  it('does not name what no policy has', () => {
    const rule = '{ id: web-in, action: allow, direction: in, sourceGroups: [nobody], serviceNames: [nothing] }';
    expect(gateway(rule).unknownNames.map(({ problem }) => problem)).toEqual([
      'there is no group `nobody`',
      'there is no service `nothing`',
    ]);
    expect(from(rule, '198.51.100.7 -> 203.0.113.10 tcp/443')).toBe('denied-at-gateway');
  });
});
