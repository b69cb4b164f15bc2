// Categories, order, the default rule, connectivity preferences, schedules, exclusion.
import { describe, expect, it } from 'vitest';
import {
  ask,
  codes,
  condition,
  dropAll,
  dump,
  group,
  groupPath,
  policy,
  read,
  rule,
  verdict,
  vif,
  vm,
} from './dump.ts';

const machines = [vm('a'), vm('b'), vm('c')];
const groups = ['a', 'b', 'c'].map((name) => group(name, null, { vm_members: [{ id: `id-${name}` }] }));
const of = (...policies: readonly object[]) => read(dump({ machines, groups, policies }));
const codesOf = (imported: ReturnType<typeof read>): readonly string[] => imported.diagnostics.map(({ code }) => code);
const drop = (id: string, more: object = {}): object => rule(id, { action: 'DROP', ...more });
const reject = (id: string, more: object = {}): object => rule(id, { action: 'REJECT', ...more });

describe('categories', () => {
  it('are tiers; all but the last leave what they do not decide to the next', () => {
    expect(of().layer.tiers.map((tier) => [tier.name, tier.default.verdict, tier.ethernet])).toEqual([
      ['ethernet', 'pass', true],
      ['emergency', 'pass', false],
      ['infrastructure', 'pass', false],
      ['environment', 'pass', false],
      ['application', 'pass', false],
      ['uncategorised', 'pass', false],
      ['default', 'allow', false],
    ]);
  });

  it.each([
    ['Emergency', 'Infrastructure'],
    ['Infrastructure', 'Environment'],
    ['Environment', 'Application'],
    ['Application', null],
  ])('%s comes before %s, whatever the order in the dump', (first, second) => {
    const imported = of(policy('late', second, [drop('r')]), policy('early', first, [reject('r')]));
    expect(verdict(imported, 'a -> b tcp/1')).toBe('reject');
  });

  it('the default section comes after policies without a category', () => {
    const imported = of(dropAll, policy('p', null, [reject('r')]));
    expect(imported.layer.policies.map(({ tier }) => tier)).toEqual(['default', 'uncategorised']);
    expect(verdict(imported, 'a -> b tcp/1')).toBe('reject');
  });

  it('a policy that is marked as default is the default section too', () => {
    const [own] = of(policy('last', 'Application', [drop('r')], { is_default: true })).layer.policies;
    expect(own?.tier).toBe('default');
  });

  it('a policy of an earlier category that is marked as default keeps its category', () => {
    const [own] = of(policy('malicious', 'Emergency', [drop('r')], { is_default: true })).layer.policies;
    expect(own?.tier).toBe('emergency');
  });

  it('ethernet rules decide no IP flow; that they may block it is said', () => {
    const imported = of(policy('l2', 'Ethernet', [drop('r')]), policy('p', 'Application', [rule('r', {})]));
    expect(verdict(imported, 'a -> b tcp/1')).toBe('allow');
    expect(codesOf(imported)).toEqual(['nsx/ethernet-not-judged']);
    expect(codesOf(of(policy('l2', 'Ethernet', [rule('r', {})]), dropAll))).toEqual([]);
  });

  it('the default section of the ethernet category stays there', () => {
    const [own] = of(policy('default-layer2-section', 'Ethernet', [rule('r', {})], { is_default: true })).layer
      .policies;
    expect(own?.tier).toBe('ethernet');
  });

  it('a category that is none is said', () => {
    const imported = of(policy('p', 'SharedPreRules', [drop('r')]));
    expect(codesOf(imported)).toContain('nsx/unknown-value');
    expect(imported.layer.policies[0]?.tier).toBe('uncategorised');
  });
});

describe('order', () => {
  it('without sequence numbers: of the dump', () => {
    expect(verdict(of(policy('p', 'Application', [reject('x'), drop('y')])), 'a -> b tcp/1')).toBe('reject');
    expect(
      verdict(of(policy('p', 'Application', [reject('x')]), policy('q', 'Application', [drop('y')])), 'a -> b tcp/1'),
    ).toBe('reject');
  });

  it('with them: by number, of rules and of policies', () => {
    const rules = [drop('x', { sequence_number: 20 }), reject('y', { sequence_number: 10 })];
    expect(verdict(of(policy('p', 'Application', rules)), 'a -> b tcp/1')).toBe('reject');
    const policies = [
      policy('p', 'Application', [drop('x')], { sequence_number: 2 }),
      policy('q', 'Application', [reject('x')], { sequence_number: 1 }),
    ];
    const imported = of(...policies);
    expect(verdict(imported, 'a -> b tcp/1')).toBe('reject');
    expect(imported.layer.policies.map(({ id }) => id)).toEqual(['q', 'p']);
  });

  it('of equal numbers is undefined: unknown where it matters, else not', () => {
    const tied = (...rules: readonly object[]) => of(policy('p', 'Application', rules));
    const differ = tied(drop('x', { sequence_number: 5 }), reject('y', { sequence_number: 5 }));
    expect(ask(differ, 'a -> b tcp/1').points[0]).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining('order'),
    });
    expect(verdict(tied(drop('x', { sequence_number: 5 }), drop('y', { sequence_number: 5 })), 'a -> b tcp/1')).toBe(
      'drop',
    );
    expect(
      verdict(
        tied(
          drop('x', { sequence_number: 5, source_groups: [groupPath('a')] }),
          reject('y', { sequence_number: 5, source_groups: [groupPath('b')] }),
        ),
        'a -> c tcp/1',
      ),
    ).toBe('drop');
  });

  it('of policies of equal numbers is undefined as well', () => {
    const imported = of(
      policy('p', 'Application', [drop('x')], { sequence_number: 1 }),
      policy('q', 'Application', [reject('x')], { sequence_number: 1 }),
    );
    expect(verdict(imported, 'a -> b tcp/1')).toBe('unknown');
  });

  it('where some have a number and some have none: those without come first, aloud', () => {
    const imported = of(
      policy('p', 'Application', [drop('x', { sequence_number: 10 }), reject('y', { sequence_number: null })]),
    );
    expect(codesOf(imported)).toEqual(['nsx/mixed-sequence-numbers']);
    expect(verdict(imported, 'a -> b tcp/1')).toBe('reject');
  });

  it('categories are numbered each by itself', () => {
    const imported = of(
      policy('p', 'Application', [drop('x')], { sequence_number: 1 }),
      policy('e', 'Environment', [reject('x')]),
    );
    expect(codesOf(imported)).toEqual([]);
    expect(verdict(imported, 'a -> b tcp/1')).toBe('reject');
  });
});

describe('what no rule decides', () => {
  const narrow = rule('r', { source_groups: [groupPath('a')] });

  it('is allowed where there is no default rule, aloud', () => {
    const imported = of(policy('p', 'Application', [narrow]));
    expect(imported.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['nsx/no-default-rule', 'warning'],
    ]);
    expect(verdict(imported, 'b -> c tcp/1')).toBe('allow');
  });

  it('is nothing where a rule of the application category decides everything', () => {
    expect(codesOf(of(policy('p', 'Application', [narrow, drop('rest')])))).toEqual([]);
    expect(codesOf(of(dropAll))).toEqual([]);
  });

  it.each([
    ['in the environment category, over which a jump leads', policy('p', 'Environment', [drop('r')])],
    ['with a scope', policy('p', 'Application', [drop('r', { scope: [groupPath('a')] })])],
    ['in a policy with a scope', policy('p', 'Application', [drop('r')], { scope: [groupPath('a')] })],
    ['of one direction', policy('p', 'Application', [drop('r', { direction: 'IN' })])],
    ['of one family', policy('p', 'Application', [drop('r', { ip_protocol: 'IPV4' })])],
    ['that is disabled', policy('p', 'Application', [drop('r', { disabled: true })])],
    ['with a profile', policy('p', 'Application', [drop('r', { profiles: ['/infra/context-profiles/SSL'] })])],
  ])('a rule %s does not', (_, own) => {
    expect(codesOf(of(own))).toContain('nsx/no-default-rule');
  });

  it('is as the deprecated strategy of the domain says', () => {
    const strategy = (connectivity_strategy: string) =>
      read({
        virtual_machines: machines,
        domains: [
          { id: 'default', connectivity_strategy, groups, security_policies: [policy('p', 'Application', [narrow])] },
        ],
      });
    expect(verdict(strategy('WHITELIST'), 'b -> c tcp/1')).toBe('drop');
    expect(codesOf(strategy('WHITELIST'))).toEqual([]);
    expect(verdict(strategy('BLACKLIST'), 'b -> c tcp/1')).toBe('allow');
  });
});

describe('a connectivity preference', () => {
  const preferring = (connectivity_preference: string, more: object = {}) =>
    of(
      policy(
        'p',
        'Application',
        [rule('r', { source_groups: [groupPath('a')], destination_groups: [groupPath('b')], sequence_number: 7 })],
        { scope: [groupPath('b')], connectivity_preference, ...more },
      ),
      policy('q', 'Application', [reject('rest')]),
    );

  it('ALLOWLIST drops what no rule of the policy decides, where the policy is', () => {
    const imported = preferring('ALLOWLIST');
    expect(ask(imported, 'c -> b tcp/1').points.find(({ direction }) => direction === 'in')).toMatchObject({
      verdict: 'drop',
      rule: 'p.default-rule',
      action: 'ALLOWLIST',
    });
    expect(ask(imported, 'a -> b tcp/1').points.find(({ direction }) => direction === 'in')).toMatchObject({
      verdict: 'allow',
      rule: 'p.r',
    });
    expect(ask(imported, 'a -> c tcp/1').points[0]).toMatchObject({ rule: 'q.rest' });
  });

  it('DENYLIST allows it; logging is kept; NONE makes no rule', () => {
    expect(ask(preferring('DENYLIST_ENABLE_LOGGING'), 'c -> b tcp/1').points[1]).toMatchObject({ verdict: 'allow' });
    expect(preferring('DENYLIST_ENABLE_LOGGING').layer.policies[0]?.rules.at(-1)).toMatchObject({
      action: 'allow',
      log: true,
    });
    expect(preferring('NONE').layer.policies[0]?.rules).toHaveLength(1);
  });

  it('makes no second rule where the dump lists the one that it made', () => {
    const listed = policy('p', 'Application', [rule('d', { action: 'DROP', is_default: true })], {
      scope: [groupPath('b')],
      connectivity_preference: 'ALLOWLIST',
    });
    expect(of(listed, dropAll).layer.policies[0]?.rules.map(({ id }) => id)).toEqual(['p.d']);
  });

  it('is taken from the rule that the manager reported, where there is one', () => {
    const reported = (default_rule: object): object =>
      policy('p', 'Application', [], { scope: [groupPath('b')], connectivity_preference: 'ALLOWLIST', default_rule });
    expect(of(reported({ action: 'REJECT' }), dropAll).layer.policies[0]?.rules).toMatchObject([
      { action: 'reject', opaque: null },
    ]);
    expect(
      of(reported({ action: 'DROP', sources: [{ target_id: 'x' }] }), dropAll).layer.policies[0]?.rules,
    ).toMatchObject([{ action: 'drop', opaque: expect.any(String) }]);
  });

  it('without a scope holds everywhere, aloud; an unknown one drops', () => {
    expect(codesOf(preferring('ALLOWLIST', { scope: ['ANY'] }))).toEqual(['nsx/missing-field']);
    const unknown = preferring('SOMETIMES');
    expect(codesOf(unknown)).toEqual(['nsx/unknown-value']);
    expect(ask(unknown, 'c -> b tcp/1').points[1]).toMatchObject({ verdict: 'drop' });
  });

  it('strategies of an application are maybes, for their place is not known', () => {
    const imported = of(
      policy('p', 'Application', [], {
        scope: [groupPath('b')],
        application_connectivity_strategy: [{ application_connectivity_strategy: 'ALLOW_INTRA' }],
      }),
      dropAll,
    );
    expect(codesOf(imported)).toEqual(['nsx/part-unknown']);
    expect(imported.layer.policies[0]?.rules).toMatchObject([{ action: 'allow', opaque: expect.any(String) }]);
  });
});

describe('a schedule', () => {
  const path = '/infra/firewall-schedulers/hours';
  const scheduled = (scheduler: object | null) =>
    read(
      dump({
        machines,
        policies: [policy('p', 'Application', [reject('r')], { scheduler_path: path }), dropAll],
        more: { firewall_schedulers: scheduler === null ? null : [{ id: 'hours', path, ...scheduler }] },
      }),
    );
  const at = (imported: ReturnType<typeof read>, instant: string): string =>
    ask(imported, 'a -> b tcp/1', Date.parse(instant)).verdict;

  it('is the window of its policy', () => {
    const imported = scheduled({
      days: ['MONDAY', 'TUESDAY'],
      recurring: true,
      timezone: 'UTC',
      time_interval: [{ start_interval: '09:00', end_interval: '17:30' }],
    });
    expect(imported.diagnostics).toEqual([]);
    expect(at(imported, '2026-11-23T10:00:00Z')).toBe('reject');
    expect(at(imported, '2026-11-23T17:30:00Z')).toBe('drop');
    expect(at(imported, '2026-11-25T10:00:00Z')).toBe('drop');
  });

  it('of days alone lasts the whole day; it ends with its last day', () => {
    const imported = scheduled({ days: ['MONDAY'], timezone: 'UTC', end_date: '12/31/2026' });
    expect(at(imported, '2026-11-23T23:59:00Z')).toBe('reject');
    expect(at(imported, '2026-11-24T00:00:00Z')).toBe('drop');
    expect(at(imported, '2027-01-04T10:00:00Z')).toBe('drop');
  });

  it.each([
    ['a first day', { days: ['MONDAY'], start_date: '01/01/2026', timezone: 'UTC' }],
    ['the local time of each host', { days: ['MONDAY'], timezone: 'LOCAL' }],
    [
      'several intervals',
      {
        timezone: 'UTC',
        time_interval: [
          { start_interval: '09:00', end_interval: '10:00' },
          { start_interval: '12:00', end_interval: '13:00' },
        ],
      },
    ],
    ['a day that is none', { timezone: 'UTC', days: ['FUNDAY'] }],
    [
      'an interval that is none',
      { timezone: 'UTC', time_interval: [{ start_interval: 'noon', end_interval: '13:00' }] },
    ],
    ['an end that is not a date', { timezone: 'UTC', days: ['MONDAY'], end_date: 'tomorrow' }],
  ])('%s cannot be expressed: unknown while it may hold', (_, scheduler) => {
    const imported = scheduled(scheduler);
    expect(codesOf(imported)).toContain('nsx/part-unknown');
    expect(at(imported, '2026-11-23T10:00:00Z')).toBe('unknown');
  });

  it('a first day leaves the window known: outside of it the rule does not hold', () => {
    const imported = scheduled({ days: ['MONDAY'], start_date: '01/01/2026', timezone: 'UTC' });
    expect(at(imported, '2026-11-24T10:00:00Z')).toBe('drop');
  });

  it('that is not in the dump: unknown', () => {
    const imported = scheduled(null);
    expect(codesOf(imported)).toEqual(['nsx/unknown-reference']);
    expect(at(imported, '2026-11-23T10:00:00Z')).toBe('unknown');
  });
});

describe('the exclusion list', () => {
  const excluding = (exclude_list: unknown) =>
    read(dump({ machines, groups, policies: [dropAll], more: { exclude_list } }));

  it.each([
    ['a list of paths', [groupPath('a')]],
    ['the object of the API', { resource_type: 'PolicyExcludeList', members: [groupPath('a')] }],
  ])('%s: no rule is judged at its members, who still are peers', (_, list) => {
    const imported = excluding(list);
    expect(verdict(imported, 'a -> 198.51.100.1 tcp/1')).toBe('allow');
    expect(ask(imported, 'a -> b tcp/1').points.map(({ workload, verdict: own }) => [workload, own])).toEqual([
      ['b', 'drop'],
    ]);
  });

  it('addresses cannot be excluded', () => {
    const nets = group('nets', [{ resource_type: 'IPAddressExpression', ip_addresses: ['10.0.0.0/24'] }]);
    const imported = read(
      dump({
        machines,
        vifs: [vif('a', ['10.0.0.1'])],
        groups: [nets],
        policies: [dropAll],
        more: { exclude_list: [groupPath('nets')] },
      }),
    );
    expect(imported.layer.exclude).toBeNull();
    expect(verdict(imported, 'a -> 198.51.100.1 tcp/1')).toBe('drop');
  });

  it('edges, managers and service machines are excluded by NSX itself', () => {
    const imported = read(
      dump({ machines: [vm('edge', [], { type: 'EDGE' }), vm('a', [], { type: 'REGULAR' })], policies: [dropAll] }),
    );
    expect(codesOf(imported)).toEqual(['nsx/unfiltered-machine']);
    expect(verdict(imported, 'edge -> 198.51.100.1 tcp/1')).toBe('allow');
    expect(verdict(imported, 'a -> 198.51.100.1 tcp/1')).toBe('drop');
  });
});

it('policies that are enforced elsewhere are counted and not judged', () => {
  const imported = read({
    virtual_machines: machines,
    domains: [
      {
        id: 'default',
        gateway_policies: [{ id: 'g1' }, { id: 'g2' }],
        redirection_policies: [{ id: 'x' }],
        security_policies: [dropAll],
      },
    ],
  });
  expect(imported.diagnostics.map(({ severity, message }) => [severity, message])).toEqual([
    ['note', '2 gateway policies are not judged'],
    ['note', '1 redirection policy is not judged'],
  ]);
});

it('two policies of one path, two rules of one id', () => {
  const path = '/infra/domains/default/security-policies/p';
  expect(
    codes(
      dump({ policies: [policy('p', 'Application', [drop('r')], { path }), policy('p', 'Application', [], { path })] }),
    ),
  ).toEqual(['nsx/duplicate']);
  const twins = of(policy('p', 'Application', [drop('r', { source_groups: [groupPath('a')] }), drop('r')]));
  expect(codesOf(twins)).toContain('nsx/duplicate');
  expect(twins.layer.policies[0]?.rules.map(({ id }) => id)).toEqual(['p.r', 'p.r~2']);
});

it('names no condition that nobody meets as an error', () => {
  expect(
    codes(
      dump({
        machines: [vm('a', ['x|y'])],
        groups: [group('g', [condition('Tag', 'EQUALS', 'x|z')])],
        policies: [dropAll],
      }),
    ),
  ).toEqual([]);
});
