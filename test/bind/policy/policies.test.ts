// Tiers, policies, rules and their options, dialects, and the checks of what is bound.

import { describe, expect, it } from 'vitest';
import { bulkheadDialect } from '../../../src/model/dialect.ts';
import { bindText } from '../bind-text.ts';

const policy = (rules: string, head = 'policy shop in application'): string => `${head} { ${rules} }`;

describe('tiers', () => {
  it('are the usual four where a root declares none', () => {
    expect(bindText('').layer.tiers.map((tier) => [tier.name, tier.default.verdict])).toEqual([
      ['emergency', 'pass'],
      ['infrastructure', 'pass'],
      ['environment', 'pass'],
      ['application', 'drop'],
    ]);
  });

  it('are declared once, in order, with what they do in the end', () => {
    const root = bindText(
      'tiers { l2 ethernet; first default drop where selected decides tcp, udp; last default reject }',
    );
    expect(root.found).toEqual([]);
    expect(
      root.layer.tiers.map(({ name, default: end, ethernet, decides }) => ({
        name,
        end,
        ethernet,
        decides: decides !== null,
      })),
    ).toEqual([
      { name: 'l2', end: { verdict: 'pass', whereSelected: false }, ethernet: true, decides: false },
      { name: 'first', end: { verdict: 'drop', whereSelected: true }, ethernet: false, decides: true },
      { name: 'last', end: { verdict: 'reject', whereSelected: false }, ethernet: false, decides: false },
    ]);
  });

  it.each([
    ['tiers { a default drop }\ntiers { b default drop }', ['check/duplicate-statement «tiers { b default drop }»']],
    ['tiers { a; b }', ['check/last-tier-passes «b»']],
    ['tiers { a; b default drop where selected }', ['check/last-tier-passes «b»']],
    ['tiers { a ethernet default drop }', ['check/last-tier-passes «a»']],
    ['tiers { a decides tcp/"http"; b default drop }', ['check/wrong-kind «tcp/"http"»']],
    ['tiers { a; b default drop }\npolicy p in c {}', ['check/unknown-tier «c»']],
    ['policy p in aplication {}', ['check/unknown-tier «aplication»']],
  ])('%s is refused', (text, found) => {
    expect(bindText(text).found).toEqual(found);
  });
});

describe('a policy', () => {
  it('and its rules have ids, places, documentation and defaults', () => {
    const root = bindText(`module shop
/// The shop's own.
policy web in application {
  /// From outside.
  allow lb: internet -> vms on tcp/443
  drop in rest: any -> any  log
}`);
    expect(root.found).toEqual([]);
    const [web] = root.layer.policies;
    expect(web).toMatchObject({
      id: 'shop/web',
      name: 'web',
      tier: 'application',
      priority: 100,
      directions: null,
      appliesTo: null,
      doc: "The shop's own.",
    });
    expect(root.at(web?.span ?? null)).toBe('policy web');
    expect(web?.rules.map(({ id, direction, doc, log }) => [id, direction, doc, log])).toEqual([
      ['shop/web.lb', 'both', 'From outside.', false],
      ['shop/web.rest', 'in', null, true],
    ]);
    expect(root.at(web?.rules[1]?.span ?? null)).toBe('drop in rest: any -> any  log');
    expect(root.at(root.spans.of(web?.rules[1] ?? {}, 'name'))).toBe('rest');
  });

  it('has every option, and so have its rules', () => {
    const root = bindText(`policy p in emergency priority 7 applies to vms disabled directions in {
  window "daily 01:00-02:00 UTC"  until 2027-01-31
  reason "why"  owner "who"  ticket "T-1"
  pass to application r: any -> any on tcp  ipv6 stateless staged log sequence 3 originally "JUMP" opaque "unknown"
}
policy q in application { allow r: any -> any  strict ipv4 applies to pods }`);
    expect(root.found).toEqual([]);
    const [p, q] = root.layer.policies;
    expect(p).toMatchObject({
      priority: 7,
      disabled: true,
      directions: ['in'],
      window: { text: 'daily 01:00-02:00 UTC' },
      until: Date.parse('2027-02-01T00:00:00Z'),
      reason: 'why',
      owner: 'who',
      ticket: 'T-1',
      appliesTo: { kind: 'select', kinds: ['vm'] },
    });
    expect(p?.rules[0]).toMatchObject({
      action: 'pass',
      passTo: 'application',
      family: 6,
      stateless: true,
      staged: true,
      log: true,
      sequence: 3,
      originalAction: 'JUMP',
      opaque: 'unknown',
    });
    expect(q?.rules[0]).toMatchObject({ strict: true, family: 4, appliesTo: { kind: 'select' } });
  });

  it('that declares one direction gives it to the rules that say nothing', () => {
    const root = bindText(
      'policy p in application directions in { allow a: any -> any }\npolicy q in application directions in, out { allow a: any -> any }',
    );
    expect(root.layer.policies.map((each) => each.rules[0]?.direction)).toEqual(['in', 'both']);
  });

  it('that applies to any says nothing', () => {
    expect(bindText('policy p in application applies to any {}').layer.policies[0]?.appliesTo).toBeNull();
  });
});

describe('options are refused', () => {
  it.each([
    ['allow a: any -> any log log', 'check/duplicate-option «log»'],
    ['allow a: any -> any ipv6 ipv4', 'check/conflicting-options «ipv4»'],
    ['allow a: any -> any staged disabled', 'check/conflicting-options «disabled»'],
    ['allow a: any -> any stateless strict', 'check/conflicting-options «strict»'],
    ['allow a: any -> any directions in', 'check/misplaced-option «directions in»'],
    ['allow a: any -> any until 2027-02-30', 'check/invalid-time «2027-02-30»'],
    ['allow a: any -> any until 2027-02-20T10:00:00', 'check/invalid-time «2027-02-20T10:00:00»'],
    ['allow a: any -> any window "always"', 'check/invalid-window «"always"»'],
    ['allow a: any -> any applies to addresses 10.0.0.0/8', 'check/address-scope «applies to addresses 10.0.0.0/8»'],
    ['allow a: any -> any applies to (internet or host h)', 'check/address-scope «applies to (internet or host h)»'],
    ['pass a: any -> any', 'check/pass-target «pass a: any -> any»'],
    ['pass to emergency a: any -> any', 'check/pass-target «pass to emergency a: any -> any»'],
  ])('%s', (rule, found) => {
    expect(bindText(policy(rule)).found).toEqual([found]);
  });

  it('of policies', () => {
    expect(bindText(policy('', 'policy p in application sequence 3 opaque "x" originally "y"')).found).toEqual([
      'check/misplaced-option «sequence 3»',
      'check/misplaced-option «opaque "x"»',
      'check/misplaced-option «originally "y"»',
    ]);
    expect(bindText(policy('allow out a: any -> any', 'policy p in application directions in')).found).toEqual([
      'check/direction-conflict «a»',
    ]);
  });

  it.each([
    [
      'environment',
      'pass to environment a: any -> any',
      "`environment` is this rule's own tier: a rule passes to a later one",
    ],
    [
      'environment',
      'pass to emergency a: any -> any',
      '`emergency` comes before `environment`: a rule passes to a later one',
    ],
    ['application', 'pass to emergency a: any -> any', '`application` is the last tier: there is nothing to pass to'],
  ])('in %s: %s', (tier, rule, message) => {
    expect(bindText(policy(rule, `policy p in ${tier}`)).of('check/pass-target')[0]?.message).toBe(message);
  });
});

describe('what a policy applies to', () => {
  const groups =
    'addresses net = 10.0.0.0/8\ngroup only-net = net or internet\ngroup deep = only-net except internet\ngroup mixed = net or vms\n';
  it.each([
    ['net', true],
    ['only-net', true],
    ['deep', true],
    ['(only-net and deep)', true],
    ['hosts', true],
    ['fqdn "x.org"', true],
    ['mixed', false],
    ['(mixed and net)', false],
    ['vms', false],
    ['not (net)', false],
    ['nothing', false],
  ])('%s: refused is %s', (peer, refused) => {
    const found = bindText(`${groups}policy p in application applies to ${peer} {}`).found;
    expect(found).toEqual(refused ? [`check/address-scope «applies to ${peer}»`] : []);
  });

  it('is decided by the policy, so that a rule that speaks too is warned of', () => {
    const root = bindText(policy('allow a: any -> any applies to pods', 'policy p in application applies to vms'));
    expect(root.found).toEqual(['check/scope-ignored «applies to pods»']);
    expect(root.diagnostics[0]?.severity).toBe('warning');
  });

  it('is judged for exclusions and for what a root governs, too', () => {
    const root = bindText('exclude addresses 10.0.0.0/8\ngoverns internet');
    expect(root.found).toEqual(['check/address-scope «addresses 10.0.0.0/8»', 'check/address-scope «internet»']);
  });
});

describe('a root', () => {
  it('adds up what it excludes, governs once, and declares what is internal once', () => {
    const root = bindText(
      'exclude vms\nexclude pods\ngoverns workloads where name like "a*"\ninternal 10.0.0.0/8, fd00::/8',
    );
    expect(root.found).toEqual([]);
    expect(root.layer.exclude).toMatchObject({
      kind: 'union',
      of: [{ kinds: ['vm'] }, { kinds: ['container', 'pod-vm'] }],
    });
    expect(root.layer.governs).toMatchObject({ kind: 'select' });
    expect(root.layer.internal).not.toBeNull();
    expect(bindText('governs vms\ngoverns pods\ninternal 10.0.0.0/8\ninternal 10.0.0.0/8').found).toEqual([
      'check/duplicate-statement «governs pods»',
      'check/duplicate-statement «internal 10.0.0.0/8»',
    ]);
  });

  it('knows its address sets and services by name', () => {
    const { layer } = bindText('module m\naddresses a = 10.0.0.1\nservice s = tcp/1');
    expect([...(layer.addressSets?.keys() ?? [])]).toEqual(['m.a']);
    expect(layer.services?.get('m.s')?.text).toBe('m.s');
  });

  it('is written in a version of the language that is known', () => {
    expect(bindText('language 1').found).toEqual([]);
    expect(bindText('language 3').found).toEqual(['check/language-version «3»']);
  });
});

describe('a dialect', () => {
  it('is bulkhead unless the root names another', () => {
    expect(bindText('').layer.dialect).toEqual(bulkheadDialect);
    expect(bindText('dialect nsx').layer.dialect).toMatchObject({
      name: 'nsx',
      ties: 'undefined',
      labelCase: 'insensitive',
    });
  });

  it('is changed by its settings', () => {
    const root = bindText(`service web = tcp/80, tcp/443
dialect bulkhead {
  ties deny-wins
  selection any-direction
  peers realised-address
  address-peers-match-workloads no
  resident-host-exempt yes
  fqdn-wildcard many
  label-case insensitive
  established survive
  defines web, udp
}`);
    expect(root.found).toEqual([]);
    expect(root.layer.dialect).toMatchObject({
      name: 'bulkhead',
      ties: 'deny-wins',
      selection: 'any-direction',
      peers: 'realised-address',
      addressPeersMatchWorkloads: false,
      residentHostExempt: true,
      fqdnWildcard: 'many',
      labelCase: 'insensitive',
      established: 'survive',
    });
    expect(root.layer.dialect.defines.icmp).toEqual([]);
  });

  it.each([
    ['dialect nxs', 'check/unknown-dialect «nxs»', 'did you mean `nsx`?'],
    ['dialect nsx { tie by-name }', 'check/invalid-setting «tie»', 'did you mean `ties`?'],
    ['dialect nsx { ties by-nam }', 'check/invalid-setting «by-nam»', 'did you mean `by-name`?'],
    ['dialect nsx { resident-host-exempt perhaps }', 'check/invalid-setting «perhaps»', 'write one of `yes`, `no`'],
    ['dialect nsx\ndialect bulkhead', 'check/duplicate-statement «dialect bulkhead»', null],
    ['dialect nsx { defines tcp/"http" }', 'check/wrong-kind «tcp/"http"»', null],
  ])('%s is refused', (text, found, help) => {
    const root = bindText(text);
    expect(root.found).toEqual([found]);
    expect(root.diagnostics[0]?.help).toBe(help);
  });
});
