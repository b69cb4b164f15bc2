// Random policies and inventories of a provider and two projects, as texts, so that what projects write goes through all
// that judges it. Labels and ports come from small pools that both projects share: whoever is not kept apart is mixed up.

import fc from 'fast-check';
import { weighted } from './arbitrary.ts';

export interface Written {
  readonly policies: readonly string[];
  readonly inventories: readonly string[];
}

const oneOf = fc.constantFrom;

/** A peer of a project: everything the language has that could mean somebody else. */
function peer(project: string, network: string): fc.Arbitrary<string> {
  const plain = oneOf(
    'any',
    'web',
    'shared',
    'everyone',
    '(workloads where role == db)',
    '(workloads where any-scope == bank)',
    '(workloads where name like "*-1")',
    '(workloads where not has app)',
    '(workloads where address in 10.0.0.0/8)',
    'workloads',
    'vms',
    'external',
    'internet',
    'hosts',
    '(site dc)',
    '(segment core-net)',
    '(addresses 10.20.0.0/15)',
    '(addresses 10.30.0.0/16)',
    `(addresses ${network}.0.0/17)`,
    '(fqdn "*.example.org")',
    '(workload dns-1)',
    `(workload "${project}/w-1")`,
  );
  return weighted<string>(
    [4, plain],
    [6, oneOf('any', 'any', 'workloads', `(workload "${project}/w-1")`)],
    [1, fc.tuple(plain, plain).map(([a, b]) => `(${a} or ${b})`)],
    [1, fc.tuple(plain, plain).map(([a, b]) => `(${a} and ${b})`)],
    [1, fc.tuple(plain, plain).map(([a, b]) => `(${a} except ${b})`)],
    [1, plain.map((a) => `(not ${a.startsWith('(') ? a : `(${a})`})`)],
  );
}

const service = oneOf('', '', '', ' on tcp/80', ' on tcp/80-90', ' on udp/53', ' on icmp');
const action = oneOf('allow', 'allow', 'allow', 'drop', 'drop', 'reject', 'pass', 'log');

const rule = (end: fc.Arbitrary<string>) =>
  fc
    .record({
      action,
      direction: oneOf('', ' in', ' out'),
      from: end,
      to: end,
      on: service,
      scope: fc.option(end, { freq: 4 }),
      state: weighted<string>([10, fc.constant('')], [1, fc.constant(' disabled')], [1, fc.constant(' staged')]),
    })
    .map(({ scope, ...each }) => ({ ...each, scope: scope === null || scope === 'any' ? '' : ` applies to ${scope}` }));

type Rule = typeof rule extends (end: never) => fc.Arbitrary<infer T> ? T : never;

const say = (rules: readonly Rule[]): string =>
  rules
    .map(
      ({ action: does, direction, from, to, on, scope, state }, i) =>
        `  ${does}${direction} r${i}: ${from} -> ${to}${on}${scope}${state}`,
    )
    .join('\n');

/** Scopes are about workloads: what has none is no scope. */
const isScope = (text: string): boolean =>
  !/addresses|external|internet|hosts|fqdn|not |web|everyone|and |except/.test(text);

/** What a project writes: `network` is the first half of its addresses. */
export function project(name: string, network: string): fc.Arbitrary<Written> {
  const end = peer(name, network);
  const policy = fc.record({
    tier: oneOf('middle', 'application'),
    priority: oneOf(50, 100, 150),
    scope: fc.option(end, { freq: 2 }),
    directions: oneOf('', '', ' directions in, out'),
    rules: fc.array(rule(end), { minLength: 2, maxLength: 5 }),
  });
  const workload = fc.record({ labels: labels, second: fc.boolean() });
  return fc
    .record({
      policies: fc.array(policy, { minLength: 1, maxLength: 3 }),
      workloads: fc.array(workload, { minLength: 1, maxLength: 3 }),
      web: end,
    })
    .map(({ policies, workloads, web }) => ({
      policies: [
        `module projects.${name}
import common { shared, everyone }
group web = ${web === 'web' || web.includes('web') ? 'workloads where app == web' : web}
${policies
  .map(({ tier, priority, scope, directions, rules }, i) => {
    const own = rules.map((each) => (isScope(each.scope) ? each : { ...each, scope: '' }));
    const applies = scope === null || scope === 'any' || !isScope(scope) ? '' : ` applies to ${scope}`;
    const bare = applies === '' ? own : own.map((each) => ({ ...each, scope: '' }));
    const told = directions === '' ? bare : bare.map((each) => ({ ...each, direction: '' as const }));
    // Each its own priority: ties within a project are its own matter.
    return `policy p${i} in ${tier} priority ${priority + i}${directions}${applies} {\n${say(told)}\n}`;
  })
  .join('\n')}
`,
      ],
      inventories: [
        `format: bulkhead.inventory/1\nworkloads:\n${workloads
          .map(({ labels: own, second }, i) => {
            const more = second ? `, ${network}.128.${i + 1}` : '';
            return `  - { id: ${name}/w-${i + 1}, kind: vm, labels: ${own}, interfaces: [{ addresses: [${network}.0.${i + 1}${more}] }] }`;
          })
          .join('\n')}\n`,
      ],
    }));
}

const labels = oneOf('{ app: web }', '{ app: web, role: db }', '{ role: db }', '{}', '{ app: shop, role: bank }');

/** Rules of the provider tell workloads of projects apart by nothing but their addresses. */
export const provider: fc.Arbitrary<Written> = fc
  .record({
    rules: fc.array(
      rule(oneOf('core', '(addresses 10.20.0.0/30)', '(addresses 10.30.0.0/17)', '(addresses 10.20.7.0/24)')),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    selects: fc.boolean(),
    tier: oneOf('guard', 'middle'),
  })
  .map(({ rules, selects, tier }) => ({
    policies: [
      `language 1
label app
label role
label core
tiers { guard; middle${selects ? ' default drop where selected' : ''}; application; last default drop }
group core = workloads where core == yes
policy guard in ${tier} {
${say(rules.map((each) => (isScope(each.scope) ? each : { ...each, scope: '' })))}
}
`,
      `module common
group shared = workloads where app == web
group everyone = shared or (internet except (addresses 203.0.113.0/24))
`,
    ],
    inventories: [
      `format: bulkhead.inventory/1
sites: [{ id: dc, kind: on-prem }]
hosts: [{ id: h-1, site: dc, addresses: [10.0.9.9] }]
segments: [{ id: core-net, subnets: [10.0.0.1/16], sites: [dc] }]
workloads:
  - { id: dns-1, kind: vm, labels: { core: "yes", app: web }, interfaces: [{ addresses: [10.0.0.53], segment: core-net }] }
  - { id: log-1, kind: vm, labels: { core: "yes", role: db }, interfaces: [{ addresses: [10.0.0.54], segment: core-net }] }
`,
    ],
  }));
