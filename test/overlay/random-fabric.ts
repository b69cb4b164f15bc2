// Random fabrics with random policies: hosts, segments of both kinds, gateways with and without services, several
// sites. Whatever is drawn is a fabric without an error, in which every workload can reach every other.

import fc from 'fast-check';
import type { Text } from './fabric-of.ts';

export interface RandomFabric {
  readonly text: Text;
  readonly workloads: readonly string[];
}

const PORTS = [22, 80, 443] as const;

/** `reach`: no translation, nothing that filters beside the policy, and a route to everywhere. */
export function randomFabric(reach: 'full' | 'partial'): fc.Arbitrary<RandomFabric> {
  return fc
    .record({
      sites: fc.integer({ min: 1, max: 2 }),
      hosts: fc.integer({ min: 1, max: 3 }),
      segments: fc.integer({ min: 1, max: 4 }),
      services: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      wide: fc.boolean(),
      spread: fc.array(fc.nat(97), { minLength: 10, maxLength: 10 }),
      roles: fc.array(fc.nat(2), { minLength: 10, maxLength: 10 }),
      rules: fc.array(
        fc.record({
          action: fc.constantFrom('allow', 'allow', 'allow', 'drop', 'reject'),
          direction: fc.constantFrom('', '', 'in', 'out'),
          from: fc.nat(3),
          to: fc.nat(3),
          port: fc.nat(PORTS.length),
          stateless: fc.boolean(),
        }),
        { minLength: 2, maxLength: 9 },
      ),
      fallback: fc.constantFrom('allow', 'drop', 'reject'),
      firewall: fc.boolean(),
      holes: fc.boolean(),
    })
    .map((drawn) => build(drawn, reach));
}

type Drawn = Parameters<Parameters<ReturnType<typeof fc.record>['map']>[0]>[0] & {
  readonly sites: number;
  readonly hosts: number;
  readonly segments: number;
  readonly services: readonly boolean[];
  readonly wide: boolean;
  readonly spread: readonly number[];
  readonly roles: readonly number[];
  readonly rules: readonly {
    readonly action: string;
    readonly direction: string;
    readonly from: number;
    readonly to: number;
    readonly port: number;
    readonly stateless: boolean;
  }[];
  readonly fallback: string;
  readonly firewall: boolean;
  readonly holes: boolean;
};

function build(drawn: Drawn, reach: 'full' | 'partial'): RandomFabric {
  const { sites, hosts, segments, services, wide, spread, roles, rules, fallback, firewall, holes } = drawn;
  const isFull = reach === 'full';
  const names = Array.from({ length: sites }, (_, s) => `s${s}`);
  const lines = [
    'label role',
    `tiers { only default ${fallback} }`,
    ...names.map((site, s) => `site ${site} : on-prem { tep-subnet 172.16.${s}.0/24 }`),
    ...(sites === 2 ? ['tunnel s0 <-> s1 { kind ipsec }'] : []),
  ];
  for (const [s, site] of names.entries()) {
    for (let h = 0; h < hosts; h++) lines.push(`host h${s}${h} in ${site} { tep 172.16.${s}.${10 + h} }`);
    lines.push(`host e${s} in ${site} { kind edge  tep 172.16.${s}.100 }`);
  }
  const workloads: string[] = [];
  for (let g = 0; g < segments; g++) {
    const s = g % sites;
    const isStretched = sites === 2 && wide && g === 0;
    const where = isStretched ? `stretched ${names.join(', ')}` : `in ${names[s]}`;
    lines.push(`segment n${g} ${where} { vni ${5000 + g}  subnet 10.${s}.${g}.1/24  on t1-${g} }`);
    const edges = services[g] === true ? `\n  edges e${s}` : '';
    lines.push(`tier1 t1-${g} {\n  connects t0-${s}\n  advertises connected${edges}\n}`);
  }
  for (const [i, at] of spread.entries()) {
    const g = at % segments;
    const s = sites === 2 && wide && g === 0 ? at % sites : g % sites;
    workloads.push(`w${i}`);
    lines.push(`vm w${i} on h${s}${at % hosts} { nic n${g} 10.${g % sites}.${g}.${10 + i}  labels role=r${roles[i]} }`);
  }
  for (const r of [0, 1, 2]) lines.push(`group g${r} = workloads where role == r${r}`);
  const peer = (n: number): string => (n === 3 ? 'any' : `g${n}`);
  lines.push('policy p in only {');
  for (const [i, rule] of rules.entries()) {
    const service = rule.port === PORTS.length ? 'any' : `tcp/${PORTS[rule.port]}`;
    const state = rule.stateless && rule.action === 'allow' ? '  stateless' : '';
    lines.push(
      `  ${rule.action} ${rule.direction} r${i}: ${peer(rule.from)} -> ${peer(rule.to)} on ${service}${state}`,
    );
  }
  lines.push('}');
  const routers = names.map((_, s) => {
    const routes =
      sites === 2 && (isFull || !holes) ? `routes: [{ to: 10.${1 - s}.0.0/16, site: s${1 - s} }]` : 'routes: []';
    const rest = '{ id: only, action: drop, services: [tcp/80] }';
    const rules = !isFull && firewall ? `, firewall: [${rest}]` : '';
    return `  - { id: t0-${s}, kind: tier0, sites: [s${s}], edges: [e${s}], uplinks: [192.0.2.${s * 4 + 1}/30], ${routes}${rules} }`;
  });
  return { text: { seg: lines.join('\n'), inventory: `routers:\n${routers.join('\n')}\n` }, workloads };
}
