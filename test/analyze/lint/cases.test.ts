// What each check finds beyond the example of its page, and what looks alike and is none of it. One line of what is
// said, by its beginning; null: nothing.
import { describe, expect, it } from 'vitest';
import { makeSource } from '../../../src/text/source.ts';
import { lint } from './kit.ts';

const GROUPS = `group web = vms where tier == web
group db  = vms where tier == db
group ops = vms where tier == ops
`;
const rules = (text: string): string => `${GROUPS}policy shop in application {\n${text}\n}\n`;

/** All that is said with the code. */
const said = (code: string, source = ''): readonly string[] => {
  const name = /^(apiVersion|-)/.test(source) ? 'cluster.yaml' : 'page.seg';
  const { findings } = lint(makeSource(name, source));
  return findings.flatMap(({ diagnostic }) => (diagnostic.code === `lint/${code}` ? [diagnostic.message] : []));
};

const POLICIES: readonly (readonly [code: string, title: string, text: string, message: string | null])[] = [
  [
    'shadowed',
    'by two together',
    rules(
      'drop low: web -> db on tcp/1-3000\n drop high: web -> db on tcp/3001-65535\n allow sql: web -> db on tcp/5000, tcp/2000',
    ),
    '`shop.sql` decides nothing: `shop.low` and `shop.high` together take all that it names',
  ],
  [
    'shadowed',
    'but for one port',
    rules(
      'drop low: web -> db on tcp/1-3000\n drop high: web -> db on tcp/3002-65535\n allow sql: web -> db on tcp/2999-3001',
    ),
    null,
  ],
  [
    'shadowed',
    'only outside of a window, in which it decides',
    rules('drop night: web -> db  window "Mon-Sun 22:00-06:00 UTC" log\n allow day: web -> db on tcp/5432'),
    null,
  ],
  [
    'shadowed',
    'by one that ends, after which it decides',
    rules('drop first: web -> db  until 2026-12-31\n allow later: web -> db on tcp/5432'),
    null,
  ],
  [
    'unreachable-pass',
    'with one flow left',
    `${GROUPS}policy early in first {\n drop no: web -> db on tcp/1-99\n pass on: web -> db on tcp/99-100\n}\n${'policy late in application { allow x: web -> db on tcp/100 }\n'}`,
    null,
  ],
  [
    'redundant',
    'of two alike: the second is dead instead',
    rules('allow a: web -> db on tcp/1\n allow b: web -> db on tcp/1'),
    null,
  ],
  [
    'redundant',
    'as a later one takes in all of it',
    rules('allow a: web -> db on tcp/443\n allow b: web -> db on tcp/1-1000'),
    '`shop.a` changes nothing: `shop.b` does the same',
  ],
  [
    'redundant',
    'but for a drop between the two',
    rules('allow a: web -> db on tcp/443\n drop no: any -> db on tcp/443  log\n allow b: web -> db on tcp/1-1000'),
    null,
  ],
  ['redundant', 'but for what it records', rules('drop a: web -> db  log'), null],
  ['one-sided', 'in part only', rules('allow out x: web -> db on tcp/1-2\n allow in x2: web -> db on tcp/2'), null],
  [
    'one-sided',
    'coming in, without a rule to go out',
    rules('allow in x: web -> db on tcp/5432'),
    '`shop.x` allows in vain: what it allows coming in is denied going out',
  ],
  [
    'never-present',
    'at one of its ends',
    `${GROUPS}policy shop in application applies to db {\n drop x: web -> db\n}\n`,
    null,
  ],
  [
    'contradictory-tie',
    'of policies whose rules are never about the same flow',
    `dialect bulkhead { ties by-name }\n${GROUPS}policy a in application priority 5 { allow x: web -> db on tcp/1 }\npolicy b in application priority 5 { drop y: web -> db on tcp/2  log }\n`,
    null,
  ],
  [
    'contradictory-tie',
    'of policies that say the same of each flow, by rules that differ',
    `dialect bulkhead { ties by-name }\n${GROUPS}policy a in application priority 5 { allow x: web -> db on tcp/1\n drop rest: any -> db  log }\npolicy b in application priority 5 { allow y: web -> db on tcp/1\n drop others: any -> db  log }\n`,
    null,
  ],
  [
    'contradictory-tie',
    'of which nothing says the order',
    `dialect bulkhead { ties undefined }\n${GROUPS}policy a in application priority 5 { allow x: web -> db on tcp/1 }\npolicy b in application priority 5 { drop y: web -> db on tcp/1  log }\n`,
    '`a.x` and `b.y` tie: nothing says which comes first',
  ],
  [
    'over-broad',
    'from every address',
    rules('allow x: addresses 0.0.0.0/0, ::/0 -> web on tcp/443'),
    '`shop.x` lets in the whole internet',
  ],
  [
    'over-broad',
    'in both directions, from anybody',
    rules('allow x: any -> web on tcp/443'),
    '`shop.x` lets in the whole internet',
  ],
  [
    'over-broad',
    'to everybody outside, with every service',
    rules('allow x: web -> internet'),
    '`shop.x` lets out to the whole internet, with every service',
  ],
  ['over-broad', 'inside, with every service', rules('allow x: web -> db'), '`shop.x` allows every service'],
  ['over-broad', 'from one block of addresses', rules('allow x: addresses 203.0.113.0/24 -> web on tcp/443'), null],
  ['over-broad', 'to the internet, with one service', rules('allow x: web -> internet on tcp/443'), null],
  [
    'over-broad',
    'by a rule that something stronger denies',
    `${GROUPS}policy early in first { drop no: internet -> any  log }\npolicy p in application { allow x: internet -> web on tcp/443 }\n`,
    null,
  ],
  ['over-broad', 'that is denied', rules('drop x: internet -> web  log'), null],
  [
    'isolation-without-dns',
    'of who may ask over tcp',
    rules('allow x: web -> db on tcp/443\n allow y: web -> addresses 192.0.2.53 on tcp/53'),
    null,
  ],
  [
    'isolation-without-dns',
    'of who may ask a server that is not loaded',
    `${rules('allow x: web -> db on tcp/443\n allow y: web -> named on udp/53')}group named = vms where app == dns\n`,
    null,
  ],
  ['isolation-without-dns', 'of who starts nothing', rules('allow x: internet -> web on tcp/443'), null],
  [
    'missing-ipv6',
    'where one version is said to be meant',
    rules('drop no: addresses 0.0.0.0/0 -> web  ipv4 log\n allow x: any -> web on tcp/443'),
    null,
  ],
  [
    'stateless-without-reply',
    'where the answer is allowed with all else',
    rules('allow a: web -> db on tcp/443  stateless\n allow b: db -> web on tcp/1-65535'),
    null,
  ],
  [
    'selects-nothing',
    'by a name that a group makes of nobody',
    `group nobody = web except web\n${GROUPS}${rules('drop x: nobody -> db  log').slice(GROUPS.length)}`,
    'nothing is in the group `nobody`',
  ],
  [
    'selects-nothing',
    'of addresses, which need no members',
    rules('drop x: addresses 198.51.100.0/24 -> db  log'),
    null,
  ],
  ['selects-everything', 'without a condition', rules('allow x: workloads -> db on tcp/1'), null],
  [
    'unused-definition',
    'that another definition uses',
    rules('drop x: inner -> db  log').replace(
      'policy',
      'group most = web or ops\ngroup inner = most except ops\npolicy',
    ),
    null,
  ],
  [
    'unused-definition',
    'that only a test uses',
    `${rules('allow x: web -> db on tcp/1')}test "t" { deny ops -> db on tcp/1 }\n`,
    null,
  ],
  ['expired', 'on the last day', rules('allow x: web -> db on tcp/1  until 2026-11-21'), null],
  [
    'expired',
    'the day before',
    rules('allow x: web -> db on tcp/1  until 2026-11-20'),
    'the rule `shop.x` ended at 2026-11-21T00:00:00Z',
  ],
  [
    'expiring',
    'in a month',
    rules('allow x: web -> db on tcp/1  until 2026-12-20'),
    'the rule `shop.x` ends in 30 days',
  ],
  ['expiring', 'in more than that', rules('allow x: web -> db on tcp/1  until 2026-12-22'), null],
  ['expiring', 'of a rule that is disabled', rules('allow x: web -> db on tcp/1  disabled until 2026-12-20'), null],
  [
    'staged',
    'with the policy, which has an end',
    `${GROUPS}policy p in application staged until 2027-06-30 { drop x: web -> db }\n`,
    null,
  ],
  [
    'missing-owner',
    'of its own, where the policy has one',
    `${GROUPS}policy p in application owner "shop" { drop x: web -> db  log }\n`,
    null,
  ],
  [
    'missing-reason',
    'where the policy is documented',
    `${GROUPS}/// Keeps the shop shut.\npolicy p in application { drop x: web -> db  log }\n`,
    null,
  ],
  ['missing-reason', 'where there is a ticket', rules('drop x: web -> db  log ticket "NET-1"'), null],
  ['denied-name', 'that is allowed', rules('allow x: web -> fqdn "updates.example.org" on tcp/443'), null],
];

describe('in policies', () => {
  it.each(POLICIES.map((item) => [`lint/${item[0]}`, item[3] === null ? 'not' : 'found', ...item] as const))(
    '%s is %s: %s %s',
    (_, __, code, ___, text, message) => {
      const found = said(code, text);
      if (message === null) expect(found).toEqual([]);
      else expect(found).toEqual([expect.stringContaining(message)]);
    },
  );
});

const pod = (name: string, address: string, more = ''): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec: {containers: [{name: main, ports: [{name: http, containerPort: ${8000 + address.length}}]}]${more}}
status: {podIP: ${address}, podIPs: [{ip: ${address}}]}
---
`;
const CLUSTER = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
${pod('web', '10.1.2.3')}${pod('api', '10.1.2.44')}${pod('db', '10.1.2.5')}`;
const networkPolicy = (spec: string): string => `${CLUSTER}apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: own, namespace: shop}
spec:
${spec}`;

const MANIFESTS: readonly (readonly [code: string, title: string, text: string, message: string | null])[] = [
  ['selects-everything', 'by an empty selector, which says so', networkPolicy('  podSelector: {}\n'), null],
  [
    'selects-everything',
    'by a null selector, which the reader reports',
    networkPolicy('  podSelector:\n    matchLabels:\n'),
    null,
  ],
  [
    'selects-everything',
    'by a condition',
    networkPolicy('  podSelector: {matchExpressions: [{key: app, operator: Exists}]}\n'),
    '`workloads where ',
  ],
  [
    'selects-nothing',
    'by a label that nobody has, which the reader reports',
    networkPolicy('  podSelector: {matchLabels: {app: wbe}}\n'),
    null,
  ],
  [
    'never-present',
    'for a port that has the name elsewhere',
    networkPolicy(
      '  podSelector: {matchLabels: {app: web}}\n  ingress: [{from: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: http}]}]\n',
    ),
    null,
  ],
  [
    'isolation-without-dns',
    'where the name servers are in a namespace that is not loaded',
    networkPolicy(
      '  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n    - to: [{podSelector: {matchLabels: {app: db}}}]\n    - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]\n      ports: [{protocol: UDP, port: 53}]\n',
    ),
    null,
  ],
  [
    'isolation-without-dns',
    'of the pods of one policy',
    networkPolicy(
      '  podSelector: {matchLabels: {app: web}}\n  policyTypes: [Egress]\n  egress: [{to: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 80}]}]\n',
    ),
    '`shop/web` starts connections, and may ask no name server',
  ],
  [
    'or-for-and',
    'with both selectors in one entry',
    networkPolicy(
      '  podSelector: {matchLabels: {app: db}}\n  ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}, podSelector: {matchLabels: {app: web}}}]}]\n',
    ),
    null,
  ],
  [
    'pod-addresses',
    'with the pods left out of the block',
    networkPolicy(
      '  podSelector: {}\n  policyTypes: [Egress]\n  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.2.0/24]}}]}]\n',
    ),
    null,
  ],
  [
    'pod-addresses',
    'in a part of the block',
    networkPolicy(
      '  podSelector: {matchLabels: {app: web}}\n  policyTypes: [Egress]\n  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.2.44/32]}}]}]\n',
    ),
    'has addresses of `shop/db` and `shop/web`, which it matches here',
  ],
  [
    'pod-addresses',
    'of the whole world',
    networkPolicy('  podSelector: {}\n  policyTypes: [Egress]\n  egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]\n'),
    null,
  ],
];

describe('in manifests', () => {
  it.each(MANIFESTS.map((item) => [`lint/${item[0]}`, item[3] === null ? 'not' : 'found', ...item] as const))(
    '%s is %s: %s %s',
    (_, __, code, ___, text, message) => {
      const found = said(code, text);
      if (message === null) expect(found).toEqual([]);
      else expect(found).toEqual([expect.stringContaining(message)]);
    },
  );
});
