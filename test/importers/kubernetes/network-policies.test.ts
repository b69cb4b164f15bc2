// What a NetworkPolicy means, decided by the evaluator on one small shop, and what is said about one that is not right.
import { describe, expect, it } from 'vitest';
import { asker, clusterPolicy, load, networkPolicy, SHOP, said } from './kit.ts';

const isolated = networkPolicy('isolated', '{podSelector: {}, policyTypes: [Ingress, Egress]}');
const ask = (policies: string, ...flow: readonly [string, string, string]): string => asker(SHOP + policies)(...flow);

describe('isolation', () => {
  it('there is none without a policy: every protocol is allowed', () => {
    const shop = asker(SHOP);
    expect(shop('counter/till-0', 'workshop/bench-0', 'tcp/9090')).toBe('allow in: tier baseline');
    expect(shop('counter/till-0', 'workshop/bench-0', 'icmp/8')).toBe('allow in: tier baseline');
  });

  it('is per direction, and for the pods that are selected only', () => {
    const policy = networkPolicy('inwards', '{podSelector: {matchLabels: {app: bench}}}');
    expect(ask(policy, 'counter/till-0', 'workshop/bench-0', 'tcp/9090')).toBe('drop in: tier networkpolicy');
    expect(ask(policy, 'workshop/bench-0', 'counter/till-0', 'tcp/8080')).toBe('allow in: tier baseline');
    expect(ask(policy, 'counter/till-0', 'workshop/parts-0', 'tcp/5432')).toBe('allow in: tier baseline');
  });

  it.each([
    ['{podSelector: {}}', 'in'],
    ['{podSelector: {}, egress: []}', 'in'],
    ['{podSelector: {}, egress: [{ports: [{port: 1}]}]}', 'in out'],
    ['{podSelector: {}, policyTypes: []}', 'in'],
    ['{podSelector: {}, policyTypes: [Egress]}', 'out'],
    ['{podSelector: {}, policyTypes: [Egress, Ingress]}', 'in out'],
  ])('%s isolates %s', (spec, directions) => {
    expect(load(networkPolicy('p', spec)).layer.policies[0]?.directions?.join(' ')).toBe(directions);
  });

  it('leaves protocols other than TCP, UDP and SCTP unknown, also where a rule names no ports', () => {
    const open = networkPolicy('open', '{podSelector: {}, ingress: [{}]}');
    expect(ask(open, 'counter/till-0', 'workshop/bench-0', 'sctp/9')).toBe('allow in: workshop/open.ingress-1');
    expect(ask(open, 'counter/till-0', 'workshop/bench-0', 'icmp/8')).toContain('unknown');
    expect(ask(open, '203.0.113.9', 'workshop/bench-0', 'proto/47')).toContain('unknown');
  });

  it('never stops a pod from talking to itself, or its node from talking to it', () => {
    expect(ask(isolated, 'workshop/bench-0', 'workshop/bench-0', 'tcp/1')).toBe('allow');
    expect(ask(isolated, 'host:n2', 'workshop/bench-0', 'tcp/1')).toBe('allow');
    expect(ask(isolated, 'host:n1', 'workshop/bench-0', 'tcp/1')).toBe('drop in: tier networkpolicy');
    expect(ask(isolated, 'office/agent-0', 'workshop/bench-0', 'tcp/1')).toBe('allow');
  });
});

describe('peers', () => {
  const from = (peers: string): string =>
    networkPolicy('p', `{podSelector: {matchLabels: {app: bench}}, ingress: [{from: [${peers}]}]}`);
  const allowed = (peers: string): readonly string[] =>
    ['counter/till-0', 'workshop/parts-0', 'office/audit-0', 'host:n1', '203.0.113.9'].filter((source) =>
      ask(from(peers), source, 'workshop/bench-0', 'tcp/9090').startsWith('allow'),
    );

  it.each([
    ['{podSelector: {}}', ['workshop/parts-0']],
    ['{namespaceSelector: {}}', ['counter/till-0', 'workshop/parts-0', 'office/audit-0']],
    ['{namespaceSelector: {matchLabels: {area: staff}}}', ['workshop/parts-0', 'office/audit-0']],
    ['{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: counter}}}', ['counter/till-0']],
    ['{namespaceSelector: {matchLabels: {area: staff}}, podSelector: {matchLabels: {app: audit}}}', ['office/audit-0']],
    [
      '{namespaceSelector: {matchLabels: {area: staff}}}, {podSelector: {matchLabels: {app: parts}}}',
      ['workshop/parts-0', 'office/audit-0'],
    ],
    ['{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [bench]}]}}', ['workshop/parts-0']],
    [
      '{namespaceSelector: {matchExpressions: [{key: area, operator: In, values: [public, staff]}]}}',
      ['counter/till-0', 'workshop/parts-0', 'office/audit-0'],
    ],
    ['{namespaceSelector: {matchExpressions: [{key: area, operator: DoesNotExist}]}}', []],
    ['{ipBlock: {cidr: 203.0.113.0/24}}', ['203.0.113.9']],
    ['{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.8/29]}}', []],
    ['{ipBlock: {cidr: 10.7.1.0/24}}', ['counter/till-0', 'office/audit-0']],
    ['{ipBlock: {cidr: 0.0.0.0/0}}', ['workshop/parts-0', 'office/audit-0', 'host:n1', '203.0.113.9']],
  ])('%s are %j', (peers, sources) => {
    // The till has an IPv6 address as well; the bench has none, so that only IPv4 is asked about.
    const expected = peers.includes('0.0.0.0/0') ? ['counter/till-0', ...sources] : sources;
    expect(allowed(peers)).toEqual(expected);
  });

  it('are everyone where there is no list, or an empty one', () => {
    for (const rule of ['{}', '{from: []}', '{from: null}']) {
      const policy = networkPolicy('p', `{podSelector: {}, ingress: [${rule}]}`);
      expect(ask(policy, '203.0.113.9', 'workshop/bench-0', 'tcp/1')).toBe('allow in: workshop/p.ingress-1');
    }
  });

  it('of egress rules are destinations', () => {
    const policy = networkPolicy(
      'p',
      '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {area: public}}}]}]}',
    );
    expect(ask(policy, 'workshop/bench-0', 'counter/till-0', 'tcp/8080')).toBe('allow in: tier baseline');
    expect(ask(policy, 'workshop/bench-0', 'office/audit-0', 'tcp/1')).toBe('drop out: tier networkpolicy');
    expect(ask(policy, 'workshop/bench-0', '203.0.113.9', 'tcp/1')).toBe('drop out: tier networkpolicy');
  });
});

describe('ports', () => {
  const onPorts = (ports: string): string => networkPolicy('p', `{podSelector: {}, ingress: [{ports: [${ports}]}]}`);
  it.each([
    ['{port: 9090}', ['tcp/9090']],
    ['{protocol: UDP, port: 9090}', ['udp/9090']],
    ['{port: 9000, endPort: 9099}', ['tcp/9090']],
    ['{protocol: UDP}', ['udp/9090', 'udp/53']],
    ['{port: http}', ['tcp/9090']],
    ['{port: http, protocol: UDP}', []],
    ['{port: 9091}, {protocol: UDP, port: 53}', ['udp/53']],
  ])('%s of the bench are %j', (ports, services) => {
    const shop = asker(SHOP + onPorts(ports));
    const open = ['tcp/9090', 'tcp/8080', 'udp/9090', 'udp/53'].filter(
      (what) => shop('counter/till-0', 'workshop/bench-0', what) !== 'drop in: tier networkpolicy',
    );
    expect(open).toEqual(services);
  });

  it('with a name are those of the destination', () => {
    const out = networkPolicy('p', '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: http}]}]}');
    expect(ask(out, 'workshop/bench-0', 'counter/till-0', 'tcp/8080')).toBe('allow in: tier baseline');
    expect(ask(out, 'workshop/bench-0', 'counter/till-0', 'tcp/9090')).toBe('drop out: tier networkpolicy');
    expect(ask(out, 'workshop/bench-0', '203.0.113.9', 'tcp/8080')).toBe('drop out: tier networkpolicy');
  });
});

describe('names', () => {
  it('of policies have their namespace, of rules their place', () => {
    const policy = networkPolicy('p', '{podSelector: {}, ingress: [{}, {}], egress: [{}]}');
    const [only] = load(policy).layer.policies;
    expect([only?.id, only?.rules.map((rule) => rule.id)]).toEqual([
      'workshop/p',
      ['workshop/p.ingress-1', 'workshop/p.ingress-2', 'workshop/p.egress-1'],
    ]);
  });

  it('lead to the place in the file', () => {
    const policy = networkPolicy('p', '{podSelector: {}, ingress: [{ports: [{port: 1}]}]}');
    const [only] = load(policy).layer.policies;
    const shown = [only?.span, only?.rules[0]?.span].map((span) => policy.slice(span?.start, span?.end));
    expect(shown).toEqual(['p', '{ports: [{port: 1}]}']);
  });

  it('the old group is the same', () => {
    const policy = networkPolicy('p', '{podSelector: {}}').replace('networking.k8s.io/v1', 'extensions/v1beta1');
    expect(said(policy)).toEqual([]);
    expect(load(policy).layer.policies).toHaveLength(1);
  });
});

describe('what is not right', () => {
  const rule = (text: string): string => `{podSelector: {}, ingress: [${text}]}`;
  it.each([
    [
      '{podSelector: {matchLabels: }}',
      'warning null-selector: `matchLabels` is null, which selects every pod of namespace `workshop` [matchLabels]',
    ],
    [
      '{podSelector: }',
      'warning null-selector: `podSelector` is null, which selects every pod of namespace `workshop` [podSelector]',
    ],
    [
      '{ingress: []}',
      'warning null-selector: there is no `podSelector`, which selects every pod of namespace `workshop` [{ingress: []}]',
    ],
    [
      '{podSelector: {}, policyTypes: [Ingress], egress: [{}]}',
      'warning unused-rules: the rules of `egress` have no effect: `policyTypes` does not have `Egress` [egress]',
    ],
    [
      '{podSelector: {}, policyTypes: [ingress]}',
      'error invalid-value: a policy type is `Ingress` or `Egress`, not `ingress` [ingress]',
    ],
    [
      '{podSelector: {}, policyTypes: Ingress}',
      'error invalid-value: `spec.policyTypes` must be a list, and is the text `Ingress` [Ingress]',
    ],
    [
      '{podSelector: {}, polcyTypes: [Egress]}',
      'error misspelt-field: there is no field `polcyTypes` here [polcyTypes]',
    ],
    [rule('{form: [{podSelector: {}}]}'), 'error misspelt-field: there is no field `form` here [form]'],
    [rule('{from: [{podSelector: }]}'), 'error empty-peer: this peer selects nobody [{podSelector: }]'],
    [rule('{from: [{}]}'), 'error empty-peer: this peer selects nobody [{}]'],
    [
      rule('{from: [{futureSelector: {}}]}'),
      'warning unknown-field: the field `futureSelector` is not known here [futureSelector]',
    ],
    [
      rule('{from: [{podSelector: {}, namespaceSelector: }]}'),
      'warning null-selector: `namespaceSelector` is null, which is the same as leaving it out [namespaceSelector]',
    ],
    [
      rule('{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}'),
      'error invalid-value: a peer is either an `ipBlock` or selectors, not both [ipBlock]',
    ],
    [rule('{from: [{ipBlock: {}}]}'), 'error missing-field: an `ipBlock` must have a `cidr` [{}]'],
    [rule('{from: [{ipBlock: {cidr: 10.0.0.1}}]}'), 'error invalid-cidr: `10.0.0.1` is not a CIDR block [10.0.0.1]'],
    [
      rule('{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}'),
      'error invalid-cidr: `33` is not a prefix length: a number from 0 to 32 is expected [10.0.0.0/33]',
    ],
    [
      rule('{from: [{ipBlock: {cidr: 10.0.0.1/8}}]}'),
      'warning host-bits: `10.0.0.1/8` has address bits after its prefix, and is taken as `10.0.0.0/8` [10.0.0.1/8]',
    ],
    [
      rule('{from: [{ipBlock: {cidr: "::ffff:10.0.0.0/104"}}]}'),
      'error invalid-cidr: `::ffff:10.0.0.0/104` writes IPv4 as IPv6 ["::ffff:10.0.0.0/104"]',
    ],
    [
      rule('{from: [{ipBlock: {cidr: 10.0.0.0/24, except: [10.0.0.0/24]}}]}'),
      'error invalid-cidr: `10.0.0.0/24` is not a strict part of the block that it is an exception of [10.0.0.0/24]',
    ],
    [rule('{ports: [{port: 0}]}'), 'error invalid-port: 0 is not a port: a number from 1 to 65535 is expected [0]'],
    [rule('{ports: [{port: "80"}]}'), 'error invalid-port: `80` cannot be the name of a port ["80"]'],
    [
      rule('{ports: [{port: 90, endPort: 80}]}'),
      'error invalid-port: the range ends at 80, before it begins at 90 [80]',
    ],
    [
      rule('{ports: [{port: http, endPort: 80}]}'),
      'error invalid-port: `endPort` needs a `port` that is a number [80]',
    ],
    [
      rule('{ports: [{protocol: tcp, port: 80}]}'),
      'error invalid-protocol: `tcp` is not a protocol that can be named here [tcp]',
    ],
    [
      rule('{ports: [{protocol: ICMP}]}'),
      'error invalid-protocol: `ICMP` is not a protocol that can be named here [ICMP]',
    ],
    [
      rule('{ports: {port: 80}}'),
      'error invalid-value: `spec.ingress[0].ports` must be a list, and is a mapping [{port: 80}]',
    ],
    ['{podSelector: {matchLabels: {app: 1}}}', 'error invalid-label: the value of a label must be text, and is 1 [1]'],
    [
      '{podSelector: {matchExpressions: [{key: app, operator: in, values: [x]}]}}',
      'error invalid-selector: `in` is not an operator of selectors [in]',
    ],
    [
      '{podSelector: {matchExpressions: [{key: app, operator: In}]}}',
      'error invalid-selector: `In` needs at least one value [{key: app, operator: In}]',
    ],
    [
      '{podSelector: {matchExpressions: [{key: app, operator: Exists, values: [x]}]}}',
      'error invalid-selector: `Exists` takes no values [[x]]',
    ],
  ])('%s', (spec, message) => {
    expect(said(networkPolicy('p', spec))).toEqual([message]);
  });

  it.each([
    rule('{form: [{podSelector: {}}]}'),
    rule('{from: [{}]}'),
    rule('{from: [{futureSelector: {}}]}'),
    rule('{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.7.0.0/99]}}]}'),
    rule('{ports: [{port: 90, endPort: 80}]}'),
    rule('{ports: [{protocol: tcp}]}'),
    rule('{ports: 80}'),
    rule('null'),
    rule('[]'),
  ])('%s lets nobody in', (spec) => {
    const { layer } = load(SHOP + networkPolicy('p', spec));
    const [policy] = layer.policies;
    const [only] = policy?.rules ?? [];
    const isShut =
      only?.source.kind === 'nothing' || (only?.service.set.tcp.length === 0 && only.service.named.length === 0);
    expect(isShut).toBe(true);
    expect(policy?.directions).toContain('in');
  });

  it('a policy without a name still isolates', () => {
    const policy = networkPolicy('p', '{podSelector: {}}').replace('name: p, ', '');
    expect(said(policy)).toEqual([
      'error invalid-name: this `NetworkPolicy` has no name [apiVersion: networking.k8s.io/v1]',
    ]);
    expect(load(policy).layer.policies.map(({ id }) => id)).toEqual(['workshop/(no name)']);
  });
});

describe('selectors that select nobody', () => {
  it.each([
    [
      '{podSelector: {matchLabels: {app: banch}}}',
      'warning dead-selector: no pod of namespace `workshop` has `app: banch`: the policy applies to no pod [banch]',
      'is `app: bench` meant?',
    ],
    [
      '{podSelector: {matchLabels: {ap: bench}}}',
      'warning dead-selector: no pod of namespace `workshop` has `ap: bench`: the policy applies to no pod [bench]',
      null,
    ],
    [
      '{podSelector: {matchLabels: {apps: bench}}}',
      'warning dead-selector: no pod of namespace `workshop` has `apps: bench`: the policy applies to no pod [bench]',
      'is the label `app` meant?',
    ],
    [
      '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: till}}}]}]}',
      'warning dead-selector: no pod of namespace `workshop` has `app: till`: this part of the rule matches nobody [till]',
      null,
    ],
    [
      '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {area: stuff}}}]}]}',
      'note dead-selector: no loaded namespace has `area: stuff`: this part of the rule matches nobody [stuff]',
      'is `area: staff` meant?',
    ],
    [
      '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: agent}}}]}]}',
      'warning dead-selector: only pods on the network of their node are selected: this part of the rule matches nobody [{matchLabels: {app: agent}}]',
      'such a pod has the address of its node, and no policy knows it by its labels',
    ],
  ])('%s', (spec, message, help) => {
    const text = SHOP + networkPolicy('p', spec);
    const [found, ...more] = load(text).diagnostics.filter(({ code }) => code === 'kubernetes/dead-selector');
    const underlined = text.slice(found?.span?.start, found?.span?.end);
    expect(`${found?.severity} dead-selector: ${found?.message} [${underlined}]`).toBe(message);
    expect([found?.help, more]).toEqual([help, []]);
  });

  it('are not looked for where no pods were loaded', () => {
    expect(said(networkPolicy('p', '{podSelector: {matchLabels: {app: banch}}}'))).toEqual([]);
  });

  it('are told apart from ports that nobody has', () => {
    expect(said(`${SHOP}${networkPolicy('p', '{podSelector: {}, ingress: [{ports: [{port: htpp}]}]}')}`)).toEqual([
      'warning unknown-port-name: no loaded pod has a port called `htpp` [htpp]',
    ]);
  });

  it('are found in cluster-wide policies, too', () => {
    const policy = clusterPolicy(
      'guard',
      '{tier: Admin, priority: 1, subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: tull}}}}}',
    );
    expect(said(SHOP + policy)).toEqual([
      'warning dead-selector: no pod of the selected namespaces has `app: tull`: the policy applies to no pod [tull]',
    ]);
  });
});
