// ClusterNetworkPolicy and its predecessors: tiers, order, peers, services, and how they fail closed.
import { describe, expect, it } from 'vitest';
import { asker, clusterPolicy, load, networkPolicy, SHOP, said } from './kit.ts';

const ask = (policies: string, ...flow: readonly [string, string, string]): string => asker(SHOP + policies)(...flow);
const everyone = 'subject: {namespaces: {}}';
const fromStaff = 'from: [{namespaces: {matchLabels: {area: staff}}}]';
const admin = (name: string, rules: string, priority = 10): string =>
  clusterPolicy(name, `{tier: Admin, priority: ${priority}, ${everyone}, ${rules}}`);
const baseline = (name: string, rules: string): string =>
  clusterPolicy(name, `{tier: Baseline, priority: 10, ${everyone}, ${rules}}`);
const older = (kind: string, name: string, spec: string): string => `---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: ${kind}
metadata: {name: ${name}}
spec: ${spec}
`;

describe('tiers', () => {
  const allow = networkPolicy('open', '{podSelector: {}, ingress: [{}]}');
  const close = networkPolicy('close', '{podSelector: {}}');
  const flow = ['office/audit-0', 'workshop/bench-0', 'tcp/9090'] as const;

  it.each([
    [
      'an admin denial wins over what a namespace allows',
      admin('a', `ingress: [{action: Deny, ${fromStaff}}]`) + allow,
      'drop in: a.ingress-1',
    ],
    [
      'an admin acceptance wins over what a namespace closes',
      admin('a', `ingress: [{action: Accept, ${fromStaff}}]`) + close,
      'allow in: a.ingress-1',
    ],
    [
      'what is passed on is for the namespace',
      admin('a', `ingress: [{action: Pass, ${fromStaff}}, {action: Deny, ${fromStaff}}]`) + allow,
      'allow in: workshop/open.ingress-1',
    ],
    [
      'a namespace decides for the pods that it selects',
      baseline('b', `ingress: [{action: Accept, ${fromStaff}}]`) + close,
      'drop in: tier networkpolicy',
    ],
    [
      'the baseline decides for the others',
      baseline('b', `ingress: [{action: Deny, ${fromStaff}}]`),
      'drop in: b.ingress-1',
    ],
    [
      'after the baseline, everything is allowed',
      baseline('b', `ingress: [{action: Pass, ${fromStaff}}, {action: Deny, ${fromStaff}}]`),
      'allow in: b.ingress-1',
    ],
    [
      'the lower priority goes first',
      admin('late', `ingress: [{action: Deny, ${fromStaff}}]`, 20) +
        admin('early', `ingress: [{action: Accept, ${fromStaff}}]`, 5),
      'allow in: early.ingress-1',
    ],
    [
      'equal priorities that agree decide',
      admin('a', `ingress: [{action: Deny, ${fromStaff}}]`) + admin('b', `ingress: [{action: Deny, ${fromStaff}}]`),
      'drop in: a.ingress-1',
    ],
  ])('%s', (_, policies, verdict) => {
    expect(ask(policies, ...flow)).toBe(verdict);
  });

  it('equal priorities that do not agree are unknown', () => {
    const tied =
      admin('a', `ingress: [{action: Deny, ${fromStaff}}]`) + admin('b', `ingress: [{action: Accept, ${fromStaff}}]`);
    expect(ask(tied, ...flow)).toContain('unknown');
  });
});

describe('subjects and peers', () => {
  it('pods are selected with their namespaces', () => {
    const policy = clusterPolicy(
      'a',
      `{tier: Admin, priority: 1, subject: {pods: {namespaceSelector: {matchLabels: {area: staff}}, podSelector: {matchLabels: {app: bench}}}},
        ingress: [{action: Deny, from: [{namespaces: {}}]}]}`,
    );
    expect(ask(policy, 'counter/till-0', 'workshop/bench-0', 'tcp/1')).toBe('drop in: a.ingress-1');
    expect(ask(policy, 'counter/till-0', 'workshop/parts-0', 'tcp/1')).toBe('allow in: tier baseline');
  });

  it('namespaces are the pods in them: neither addresses outside nor nodes', () => {
    const policy = admin('a', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]');
    expect(ask(policy, 'counter/till-0', 'workshop/bench-0', 'tcp/1')).toBe('drop in: a.ingress-1');
    expect(ask(policy, '203.0.113.9', 'workshop/bench-0', 'tcp/1')).toBe('allow in: tier baseline');
    expect(ask(policy, 'host:n1', 'workshop/bench-0', 'tcp/1')).toBe('allow in: tier baseline');
    expect(ask(policy, 'office/agent-0', 'counter/till-0', 'tcp/1')).toBe('allow in: tier baseline');
  });

  it('networks are addresses, of pods as well', () => {
    const policy = admin('a', 'egress: [{action: Deny, to: [{networks: [10.7.1.0/24, "2001:db8::/32"]}]}]');
    expect(ask(policy, 'workshop/bench-0', 'office/audit-0', 'tcp/1')).toBe('drop out: a.egress-1');
    expect(ask(policy, 'workshop/bench-0', '203.0.113.9', 'tcp/1')).toBe('allow out: tier baseline');
    expect(ask(policy, 'counter/till-0', '2001:db8::1', 'tcp/1')).toBe('drop out: a.egress-1');
  });

  it('nodes are known by their labels', () => {
    const policy = admin('a', 'egress: [{action: Deny, to: [{nodes: {matchLabels: {rack: left}}}]}]');
    expect(ask(policy, 'workshop/bench-0', 'host:n1', 'tcp/1')).toBe('drop out: a.egress-1');
    expect(ask(policy, 'workshop/bench-0', 'host:n2', 'tcp/1')).toBe('allow out: tier baseline');
    expect(ask(policy, 'workshop/bench-0', 'office/agent-0', 'tcp/1')).toBe('allow out: tier baseline');
  });

  it('without node objects, any address outside may be one', () => {
    const policy = admin('a', 'egress: [{action: Deny, to: [{nodes: {}}]}]');
    const pod =
      '---\napiVersion: v1\nkind: Pod\nmetadata: {name: bench-0, namespace: workshop}\nspec: {containers: [{name: main}]}\n';
    expect(asker(pod + policy)('workshop/bench-0', '192.168.7.1', 'tcp/1')).toContain('unknown');
  });

  it('domain names may be any address outside', () => {
    const policy = admin(
      'a',
      'egress: [{action: Accept, to: [{domainNames: [parts.example.org]}]}, {action: Deny, to: [{networks: [0.0.0.0/0]}]}]',
    );
    expect(ask(policy, 'workshop/bench-0', '203.0.113.9', 'tcp/443')).toContain('unknown');
    expect(ask(policy, 'workshop/bench-0', 'office/audit-0', 'tcp/443')).toBe('drop out: a.egress-2');
  });
});

describe('services', () => {
  const shut = 'egress: [{action: Deny, to: [{namespaces: {}}]}]';
  it.each([
    ['protocols: [{tcp: {destinationPort: {number: 8080}}}]', ['tcp/8080']],
    ['protocols: [{tcp: {destinationPort: {range: {start: 8000, end: 9000}}}}]', ['tcp/8080']],
    [
      'protocols: [{udp: {destinationPort: {number: 53}}}, {sctp: {destinationPort: {number: 7}}}]',
      ['udp/53', 'sctp/7'],
    ],
    ['protocols: [{destinationNamedPort: http}]', ['tcp/8080']],
    ['', ['tcp/8080', 'tcp/9090', 'udp/53', 'sctp/7', 'icmp/8', 'proto/47']],
  ])('%j is %j of the till', (protocols, services) => {
    const accept = admin('open', `egress: [{action: Accept, to: [{namespaces: {}}], ${protocols}}]`, 1);
    const shop = asker(SHOP + accept + admin('shut', shut, 2));
    const open = ['tcp/8080', 'tcp/9090', 'udp/53', 'sctp/7', 'icmp/8', 'proto/47'].filter((what) =>
      shop('workshop/bench-0', 'counter/till-0', what).startsWith('allow'),
    );
    expect(open).toEqual(services);
  });

  it('rules without protocols decide ICMP, too', () => {
    expect(ask(admin('shut', shut), 'workshop/bench-0', 'counter/till-0', 'icmp/8')).toBe('drop out: shut.egress-1');
  });
});

describe('the predecessors', () => {
  it('AdminNetworkPolicy is a policy of the admin tier', () => {
    const policy = older(
      'AdminNetworkPolicy',
      'a',
      `{priority: 5, ${everyone}, ingress: [
        {name: web, action: Allow, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 9090}}, {portRange: {start: 1, end: 9}}, {namedPort: sql}]},
        {name: rest, action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {}}}]}]}`,
    );
    const shop = asker(SHOP + policy);
    const from = (to: string, what: string): string => shop('counter/till-0', to, what);
    expect(from('workshop/bench-0', 'tcp/9090')).toBe('allow in: a.web');
    expect(from('workshop/bench-0', 'tcp/5')).toBe('allow in: a.web');
    expect(from('workshop/parts-0', 'tcp/5432')).toBe('allow in: a.web');
    expect(from('workshop/bench-0', 'tcp/5432')).toBe('drop in: a.rest');
  });

  it('BaselineAdminNetworkPolicy is the policy of the baseline tier', () => {
    const policy = older(
      'BaselineAdminNetworkPolicy',
      'default',
      `{${everyone}, ingress: [{action: Deny, ${fromStaff}}]}`,
    );
    expect(ask(policy, 'office/audit-0', 'workshop/bench-0', 'tcp/1')).toBe('drop in: default.ingress-1');
  });

  it('beside the successor, they share a tier, which is said; of two of one name, the second says its kind', () => {
    const both = admin('a', 'ingress: []') + older('AdminNetworkPolicy', 'a', `{priority: 20, ${everyone}}`);
    expect(said(SHOP + both)).toEqual([
      'warning mixed-apis: `AdminNetworkPolicy` is the predecessor of `ClusterNetworkPolicy`, and both are used: they are taken as one tier [a]',
    ]);
    expect(load(both).layer.policies.map(({ id }) => id)).toEqual(['a', 'AdminNetworkPolicy/a']);
  });
});

describe('names of rules', () => {
  it('are their own where they are unique, else their place', () => {
    const peers = 'from: [{namespaces: {}}]';
    const policy = admin(
      'a',
      `ingress: [{name: x, action: Deny, ${peers}}, {name: y, action: Deny, ${peers}}, {name: y, action: Pass, ${peers}}]`,
    );
    expect(load(policy).layer.policies[0]?.rules.map(({ id, doc }) => [id, doc])).toEqual([
      ['a.x', null],
      ['a.ingress-2', 'y'],
      ['a.ingress-3', 'y'],
    ]);
  });
});

describe('what is not understood fails closed', () => {
  const flow = ['counter/till-0', 'workshop/bench-0', 'tcp/9090'] as const;
  const unknown = 'from: [{namespaces: {}}, {futurePeer: {}}]';
  const rule = (text: string): string => admin('a', `ingress: [{${text}}]`);

  it('an acceptance matches nothing, a denial or a pass denies everything', () => {
    expect(ask(rule(`action: Accept, ${unknown}`), ...flow)).toBe('allow in: tier baseline');
    expect(ask(rule(`action: Deny, ${unknown}`), ...flow)).toBe('drop in: a.ingress-1');
    expect(ask(rule(`action: Pass, ${unknown}`), '203.0.113.9', flow[1], 'icmp/8')).toBe('drop in: a.ingress-1');
    expect(ask(rule('action: Deny, from: [{namespaces: {}}], protocols: [{icmp: {}}]'), ...flow)).toBe(
      'drop in: a.ingress-1',
    );
  });

  const spec = (text: string): string => clusterPolicy('a', text);
  it.each([
    [
      spec(`{priority: 1, ${everyone}}`),
      'error missing-field: the `tier` is missing [{priority: 1, subject: {namespaces: {}}}]',
    ],
    [spec(`{tier: Platform, priority: 1, ${everyone}}`), 'error invalid-value: `Platform` is not a tier [Platform]'],
    [
      spec(`{tier: Admin, ${everyone}}`),
      'error missing-field: the `priority` is missing [{tier: Admin, subject: {namespaces: {}}}]',
    ],
    [
      spec(`{tier: Admin, priority: 1001, ${everyone}}`),
      'error invalid-value: the priority 1001 is not a number from 0 to 1000 [1001]',
    ],
    [
      spec('{tier: Admin, priority: 1, subject: {}}'),
      'error missing-field: this needs one of `namespaces`, `pods` [{}]',
    ],
    [
      spec('{tier: Admin, priority: 1, subject: {namespaces: {}, pods: {namespaceSelector: {}, podSelector: {}}}}'),
      'error invalid-value: this has `namespaces` and `pods`: only one can be set [{namespaces: {}, pods: {namespaceSelector: {}, podSelector: {}}}]',
    ],
    [
      rule(`action: Allow, ${fromStaff}`),
      'error invalid-value: `Allow` is not an action of this kind of policy [Allow]',
    ],
    [rule('action: Accept'), 'error missing-field: `from` must have at least one item [{action: Accept}]'],
    [
      rule('action: Accept, from: [{networks: [10.0.0.0/8]}]'),
      'warning unknown-field: the field `networks` is not known here [networks]',
    ],
    [
      rule(`action: Accept, ${fromStaff}, protocols: [{tcp: {destinationPort: {range: {start: 9, end: 9}}}}]`),
      'error invalid-port: a range must end after it begins, not at 9 after 9 [9]',
    ],
    [
      rule(`action: Accept, ${fromStaff}, protocols: [{tcp: {}}]`),
      'error missing-field: `spec.ingress[0].protocols[0].tcp.destinationPort` is missing or empty [{}]',
    ],
    [
      admin('a', 'egress: [{action: Deny, to: [{domainNames: [x.org]}]}]'),
      'error invalid-value: `domainNames` can only be accepted, neither denied nor passed [{domainNames: [x.org]}]',
    ],
    [
      admin('a', 'egress: [{action: Accept, to: [{domainNames: ["a.*.org"]}]}]'),
      'error invalid-value: `a.*.org` is not a domain name ["a.*.org"]',
    ],
    [
      admin('a', 'egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}], protocols: [{destinationNamedPort: http}]}]'),
      'error invalid-value: ports have names at pods only, and this peer is something else [{networks: [10.0.0.0/8]}]',
    ],
    [
      admin('a', `ingress: [${Array(26).fill(`{action: Deny, ${fromStaff}}`).join(', ')}]`),
      `error limit: \`ingress\` has 26 items, and the API accepts 25 [[${Array(26).fill(`{action: Deny, ${fromStaff}}`).join(', ')}]]`,
    ],
    [
      older('BaselineAdminNetworkPolicy', 'other', `{${everyone}}`),
      'error invalid-name: a `BaselineAdminNetworkPolicy` must be called `default` [other]',
    ],
    [
      older('BaselineAdminNetworkPolicy', 'default', `{${everyone}, ingress: [{action: Pass, ${fromStaff}}]}`),
      'error invalid-value: `Pass` is not an action of this kind of policy [Pass]',
    ],
  ])('%s', (text, message) => {
    expect(said(text)).toEqual([message]);
  });
});
