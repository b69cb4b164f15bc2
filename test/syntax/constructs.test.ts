// Every construct of the language, and the node that it makes.
import { describe, expect, it } from 'vitest';
import { parseChangeText, parseFlowText, parsePeerText, parseServiceText } from '../../src/syntax/parse.ts';
import type { StatementBody } from '../../src/syntax/tree.ts';
import { read, readBody, readOne } from './read.ts';

const name = (text: string, quoted = false) => ({ kind: 'name', text, quoted });
const path = (...parts: string[]) => ({ kind: 'path', parts: parts.map((part) => name(part)) });
const ref = (...parts: string[]) => ({ kind: 'reference', path: path(...parts), interface: null });
const address = (text: string) => ({ kind: 'address', text });
const is = (key: string, value: string) => ({ kind: 'compare', key: name(key), operator: '==', values: [name(value)] });

describe('peers', () => {
  const peerOf = (text: string) => readBody('group', `group x = ${text}`).peer;

  it.each([
    ['web', ref('web')],
    ['shop.web', ref('shop', 'web')],
    ['"any"', { kind: 'reference', path: { parts: [name('any', true)] } }],
    ['hosts.web', ref('hosts', 'web')],
    ['web-01/eth0', { ...ref('web-01'), interface: name('eth0') }],
    ['workload web-01/eth0', { kind: 'workload', id: name('web-01'), interface: name('eth0') }],
    ['any', { kind: 'any' }],
    ['nothing', { kind: 'nothing' }],
    ['internet', { kind: 'internet' }],
    ['external', { kind: 'external' }],
    ['hosts', { kind: 'hosts' }],
    ['segment log', { kind: 'segment', id: name('log') }],
    ['site "dc east"', { kind: 'site', id: name('dc east', true) }],
    ['host esx-1', { kind: 'host', id: name('esx-1') }],
    ['fqdn "*.example.org"', { kind: 'fqdn', pattern: name('*.example.org', true) }],
    ['addresses 10.0.0.0/8, ::1', { kind: 'addresses', of: [address('10.0.0.0/8'), address('::1')] }],
    ['10.0.0.1-10.0.0.9', { kind: 'addresses', of: [address('10.0.0.1-10.0.0.9')] }],
    ['addresses corp', { kind: 'addresses', of: [path('corp')] }],
    ['addresses (corp, 10.0.0.1)', { kind: 'addresses', of: [path('corp'), address('10.0.0.1')] }],
    ['workloads', { kind: 'select', what: 'workloads', where: null, namespaces: null }],
    ['bare-metals where a == b', { kind: 'select', what: 'bare-metals', where: is('a', 'b') }],
    [
      'pods where a == b in namespaces where c == d',
      { kind: 'select', what: 'pods', where: is('a', 'b'), namespaces: is('c', 'd') },
    ],
    ['pods in namespaces where c == d', { kind: 'select', where: null, namespaces: is('c', 'd') }],
    ['a or b, c', { kind: 'union', of: [ref('a'), ref('b'), ref('c')] }],
    ['a and (b or c)', { kind: 'intersect', of: [ref('a'), { kind: 'union', of: [ref('b'), ref('c')] }] }],
    ['(a or b) except c', { kind: 'except', of: { kind: 'union' }, except: ref('c') }],
    ['not (a or b)', { kind: 'negated', of: { kind: 'union' } }],
    ['not a', { kind: 'negated', of: ref('a') }],
    ['opaque "x" because "y"', { kind: 'opaque', text: name('x', true), reason: name('y', true) }],
  ])('%s', (text, expected) => {
    expect(peerOf(text)).toMatchObject(expected);
  });
});

describe('conditions', () => {
  const conditionOf = (text: string) => {
    const { peer } = readBody('group', `group x = vms where ${text}`);
    return peer.kind === 'select' ? peer.where : null;
  };
  const compare = (operator: string, ...values: string[]) => ({
    kind: 'compare',
    operator,
    values: values.map((v) => ({ text: v })),
  });

  it.each([
    ['tier == web', is('tier', 'web')],
    ['tier != web', compare('!=', 'web')],
    ['"name" == web', { kind: 'compare', key: name('name', true) }],
    ['log == any', is('log', 'any')],
    ['version == 1-2', is('version', '1-2')],
    ['tier in { web, api }', compare('in', 'web', 'api')],
    ['tier not in { web }', compare('not in', 'web')],
    ['name like "web-*"', compare('like', 'web-*')],
    ['name starts web', compare('starts', 'web')],
    ['name ends web', compare('ends', 'web')],
    ['name contains web', compare('contains', 'web')],
    ['name matches "a|b"', compare('matches', 'a|b')],
    ['has quarantine', { kind: 'has', key: name('quarantine') }],
    ['has == x', is('has', 'x')],
    ['address in 10.0.0.0/8', { kind: 'address-in', negated: false, of: [address('10.0.0.0/8')] }],
    ['address == 10.0.0.1', { kind: 'address-in', negated: false }],
    ['address != corp', { kind: 'address-in', negated: true, of: [path('corp')] }],
    [
      'address not in { 10.0.0.1, corp }',
      { kind: 'address-in', negated: true, of: [address('10.0.0.1'), path('corp')] },
    ],
    ['address like "10.*"', compare('like', '10.*')],
    ['a == b and c == d and e == f', { kind: 'and', of: [is('a', 'b'), is('c', 'd'), is('e', 'f')] }],
    ['a == b or (c == d and e == f)', { kind: 'or', of: [is('a', 'b'), { kind: 'and' }] }],
    ['not a == b', { kind: 'not', of: is('a', 'b') }],
    ['not (a == b or c == d)', { kind: 'not', of: { kind: 'or' } }],
  ])('%s', (text, expected) => {
    expect(conditionOf(text)).toMatchObject(expected);
  });
});

describe('services', () => {
  const serviceOf = (text: string) => readBody('service', `service x = ${text}`).service;
  const range = (from: number, to = from) => ({ from, to });

  it.each([
    ['any', { kind: 'any' }],
    ['https', { kind: 'reference', path: path('https') }],
    ['common.services.dns', { kind: 'reference', path: path('common', 'services', 'dns') }],
    ['tcp', { kind: 'ports', protocol: 'tcp', ports: [], from: [] }],
    ['tcp/443', { kind: 'ports', protocol: 'tcp', ports: [range(443)], from: [] }],
    ['udp/1-99,443', { kind: 'ports', protocol: 'udp', ports: [range(1, 99), range(443)] }],
    ['sctp/1, 2', { kind: 'ports', protocol: 'sctp', ports: [range(1), range(2)] }],
    ['tcp/443 from 1024-65535,5', { kind: 'ports', ports: [range(443)], from: [range(1024, 65535), range(5)] }],
    ['tcp from 53', { kind: 'ports', ports: [], from: [range(53)] }],
    ['tcp/"http",80', { kind: 'ports', ports: [name('http', true), range(80)] }],
    ['tcp/80, "my service"', { kind: 'list', of: [{ kind: 'ports' }, { kind: 'reference' }] }],
    ['icmp', { kind: 'icmp', family: 4, type: null, code: null }],
    ['icmp/8/0', { kind: 'icmp', type: range(8), code: range(0) }],
    ['icmp6/echo-request', { kind: 'icmp', family: 6, type: name('echo-request'), code: null }],
    ['icmp/3/0-4', { kind: 'icmp', type: range(3), code: range(0, 4) }],
    ['proto/47', { kind: 'protocol', number: range(47) }],
    ['proto/gre', { kind: 'protocol', number: name('gre') }],
    ['port "http"', { kind: 'named-port', name: name('http', true) }],
    ['https, udp/53', { kind: 'list', of: [{ kind: 'reference' }, { kind: 'ports' }] }],
    ['any except (tcp/22, tcp/23)', { kind: 'except', of: { kind: 'any' }, except: { kind: 'list' } }],
    ['(https opaque "L7")', { kind: 'opaque', of: { kind: 'reference' }, reason: name('L7', true) }],
  ])('%s', (text, expected) => {
    expect(serviceOf(text)).toMatchObject(expected);
  });
});

describe('statements', () => {
  it.each<[string, StatementBody['kind'], object]>([
    ['language 1', 'language', { version: { value: 1 } }],
    ['module common.services', 'module', { path: path('common', 'services') }],
    ['import common.services { https, "my dns" }', 'import', { names: [name('https'), name('my dns', true)] }],
    ['label tier', 'label', { key: name('tier'), values: null, cardinality: null }],
    ['label tier in { web, api } several', 'label', { values: [name('web'), name('api')], cardinality: 'several' }],
    ['label single single', 'label', { key: name('single'), cardinality: 'single' }],
    ['service s = tcp/1', 'service', { name: name('s') }],
    [
      'addresses a = 10.0.0.0/8, b except ::1',
      'addresses',
      { of: [address('10.0.0.0/8'), path('b')], except: [address('::1')] },
    ],
    ['group g = a', 'group', { peer: ref('a') }],
    ['internal fd00::/8, corp', 'internal', { of: [address('fd00::/8'), path('corp')] }],
    ['exclude a', 'exclude', { peer: ref('a') }],
    ['governs a or b', 'governs', { peer: { kind: 'union' } }],
    ['dialect kubernetes', 'dialect', { name: name('kubernetes'), settings: [] }],
    [
      'dialect x { ties undefined; defines tcp, udp }',
      'dialect',
      {
        settings: [
          { key: name('ties'), value: name('undefined') },
          { key: name('defines'), value: { kind: 'list' } },
        ],
      },
    ],
    [
      'tunnel a <-> b { kind ipsec }',
      'tunnel',
      { from: name('a'), to: name('b'), properties: [{ name: name('kind') }] },
    ],
    [
      'budget b { reach to db within 1 hops <= 4 }',
      'budget',
      { direction: 'to', hops: { value: 1 }, atMost: { value: 4 } },
    ],
    ['budget b { reach of web <= 10 }', 'budget', { direction: 'from', hops: null }],
  ])('%s', (text, kind, expected) => {
    expect(readBody(kind, text)).toMatchObject(expected);
  });

  it('tiers', () => {
    const { tiers } = readBody(
      'tiers',
      'tiers { ethernet ethernet; a; b default pass\n c default drop where selected decides tcp, udp }',
    );
    expect(tiers).toMatchObject([
      { name: name('ethernet'), ethernet: true, default: null, decides: null },
      { name: name('a'), ethernet: false },
      { default: { verdict: 'pass', whereSelected: false } },
      { default: { verdict: 'drop', whereSelected: true }, decides: { kind: 'list' } },
    ]);
  });

  it('policies and rules with every option', () => {
    const policy = readBody(
      'policy',
      `policy p in t owner ana priority 7 applies to a or b directions in, out {
        ticket "N-1"
        strict
        allow r: a -> b
        drop in x: a -> b on tcp ipv4 stateless strict disabled staged log
        reject out y: any -> any window "Mon 01:00-02:00 UTC" until 2027-01-31 reason "z" owner o ticket t
        pass z1: a -> b sequence 3 originally "JUMP" opaque "L7" ipv6
        pass to later z2: a -> b until 2027-01-31T10:00:00.5+02:00
        log z3: a -> b applies to (a except b)
      }`,
    );
    expect(policy).toMatchObject({
      name: name('p'),
      tier: name('t'),
      options: [
        { kind: 'priority', value: { value: 7 } },
        { kind: 'applies-to', peer: { kind: 'union' } },
        { kind: 'directions', of: ['in', 'out'] },
        { kind: 'strict' },
        { kind: 'owner', text: name('ana') },
        { kind: 'ticket', text: name('N-1', true) },
      ],
      rules: [
        { action: 'allow', direction: null, passTo: null, service: null, options: [], source: ref('a') },
        { action: 'drop', direction: 'in', service: { kind: 'ports' } },
        { action: 'reject', direction: 'out' },
        { action: 'pass', passTo: null },
        { action: 'pass', passTo: name('later') },
        { action: 'log' },
      ],
    });
    expect(policy.rules.map((rule) => rule.options.map((option) => option.kind))).toEqual([
      [],
      ['ipv4', 'stateless', 'strict', 'disabled', 'staged', 'log'],
      ['window', 'until', 'reason', 'owner', 'ticket'],
      ['sequence', 'originally', 'opaque', 'ipv6'],
      ['until'],
      ['applies-to'],
    ]);
  });

  it('tests', () => {
    const { items } = readBody(
      'test',
      `test "t" {
        allow a -> b on tcp/1 by r
        deny some a -> b by m/p.r out
        drop a -> b; reject a -> b; unknown a -> b
        given vm v { labels a=b }
        at 2027-01-01 { allow a -> b; at 2028-01-01 { deny a -> b } }
        at 2027-01-01
        move v to h
      }`,
    );
    expect(items).toMatchObject([
      { expect: 'allow', some: false, by: { rule: path('r'), direction: null } },
      {
        expect: 'deny',
        some: true,
        by: { rule: { module: [name('m')], parts: [name('p'), name('r')] }, direction: 'out' },
      },
      { expect: 'drop' },
      { expect: 'reject' },
      { expect: 'unknown', by: null },
      { kind: 'given', workload: { what: 'vm' } },
      { kind: 'at-block', items: [{ expect: 'allow' }, { kind: 'at-block' }] },
      { kind: 'change-item', change: { kind: 'at' } },
      { kind: 'change-item', change: { kind: 'move' } },
    ]);
  });

  it('invariants', () => {
    const { claims } = readBody(
      'invariant',
      'invariant i { never a -> b\n only a -> b on tcp; replies a -> b; no path a -> b; no path a -> b within 2 hops }',
    );
    expect(claims).toMatchObject([
      { kind: 'never' },
      { kind: 'only', service: { kind: 'ports' } },
      { kind: 'replies' },
      { kind: 'no-path', hops: null },
      { kind: 'no-path', hops: { value: 2 } },
    ]);
  });

  it('change blocks and scenarios', () => {
    const block = readBody(
      'change-block',
      'change "c" { closes a -> b\n set v labels a=b\n opens some a -> b on tcp by r }',
    );
    expect(block).toMatchObject({
      changes: [{ kind: 'set' }],
      opens: [{ expect: 'allow', some: true, by: { rule: path('r') } }],
      closes: [{ expect: 'deny' }],
    });
    const { steps } = readBody(
      'scenario',
      'scenario s { at +1h30m { fail host h }\n at +250ms { }; at 2027-01-01 { allow a -> b } }',
    );
    expect(steps).toMatchObject([
      { at: { kind: 'offset', milliseconds: 5_400_000 }, items: [{ kind: 'change-item' }] },
      { at: { milliseconds: 250 }, items: [] },
      { at: { kind: 'time', text: '2027-01-01' } },
    ]);
  });
});

describe('changes', () => {
  it.each([
    ['set w labels a=b, c=d', { kind: 'set', workload: name('w'), labels: [{ key: name('a') }, { value: name('d') }] }],
    ['move w to h', { kind: 'move', workload: name('w'), host: name('h') }],
    ['clone w as v', { kind: 'clone', as: name('v') }],
    ['create vm v on h', { kind: 'create', workload: { what: 'vm', on: name('h') } }],
    ['delete w', { kind: 'delete' }],
    ['add to shop: allow r: a -> b', { kind: 'add', policy: path('shop'), position: null, rule: { name: name('r') } }],
    [
      'add to m/shop before x: allow r: a -> b',
      { position: { where: 'before', rule: name('x') }, policy: { module: [name('m')] } },
    ],
    ['add to shop after x: drop in r: a -> b', { position: { where: 'after' }, rule: { direction: 'in' } }],
    ['add to shop first: allow r: a -> b log', { position: { where: 'first' } }],
    ['add to last last: allow r: a -> b', { policy: path('last'), position: { where: 'last' } }],
    ['remove rule shop.r', { kind: 'remove', what: 'rule', path: path('shop', 'r') }],
    ['remove policy shop', { what: 'policy' }],
    ['remove group web', { what: 'group' }],
    ['disable policy shop', { kind: 'switch', what: 'policy', to: 'disabled' }],
    ['enable rule shop.r', { what: 'rule', to: 'enabled' }],
    ['stage rule shop.r', { to: 'staged' }],
    ['fail host esx-1', { kind: 'fail', what: 'host' }],
    ['restore site dc', { kind: 'restore', what: 'site' }],
    ['fail router t0', { what: 'router' }],
    ['cut a <-> b', { kind: 'cut', from: name('a'), to: name('b') }],
    ['join a <-> b', { kind: 'join' }],
    ['at 2027-02-01', { kind: 'at', time: { text: '2027-02-01' } }],
  ])('%s', (text, expected) => {
    expect(readBody('change', text).change).toMatchObject(expected);
    expect(parseChangeText({ name: '-e', text }).node).toMatchObject(expected);
  });
});

describe('the world', () => {
  const worldOf = (text: string) => readBody('world', text).node;

  it.each([
    'site',
    'tier0',
    'tier1',
    'segment',
    'host',
    'namespace',
    'service-address',
    'host-alias',
    'vm',
    'container',
    'pod-vm',
    'instance',
    'bare-metal',
  ])('%s', (what) => {
    expect(worldOf(`${what} x`)).toMatchObject({
      what,
      id: name('x'),
      on: null,
      sites: [],
      type: null,
      properties: [],
    });
  });

  it('headers', () => {
    expect(worldOf('site dc : on-prem')).toMatchObject({ type: name('on-prem') });
    expect(worldOf('vm v on h in s')).toMatchObject({ on: name('h'), sites: [name('s')], stretched: false });
    expect(worldOf('segment s stretched a, b')).toMatchObject({ sites: [name('a'), name('b')], stretched: true });
    expect(worldOf('host-alias "ns/pod" on node-a')).toMatchObject({ id: name('ns/pod', true), on: name('node-a') });
  });

  it('properties, on lines or side by side', () => {
    const { properties } = worldOf(`vm v {
      nic web-net 10.0.0.1 fe80::1 mac 00:50:56:00:00:01 name eth1
      labels app=shop "k8s.io/x"=y  os linux; namespace "on"
      owner Deployment web  hostname web.example.org
      vni 5001  colour 1, 2
      port "http" tcp/8080
    }`);
    expect(properties).toMatchObject([
      {
        name: name('nic'),
        values: [
          name('web-net'),
          address('10.0.0.1'),
          address('fe80::1'),
          name('mac'),
          address('00:50:56:00:00:01'),
          name('name'),
          name('eth1'),
        ],
      },
      { name: name('labels'), labels: [{ key: name('app'), value: name('shop') }, { key: name('k8s.io/x', true) }] },
      { name: name('os'), values: [name('linux')] },
      { name: name('namespace'), values: [name('on', true)] },
      { name: name('owner'), values: [name('Deployment'), name('web')] },
      { name: name('hostname'), values: [path('web', 'example', 'org')] },
      { name: name('vni'), values: [{ kind: 'number', value: 5001 }, name('colour'), { value: 1 }, { value: 2 }] },
      { name: name('port'), values: [name('http', true)], service: { kind: 'ports', protocol: 'tcp' } },
    ]);
  });

  it('an unknown property at the start of a line, for the check to name', () => {
    const { properties } = worldOf('vm v {\n nic a\n lables a=b\n}');
    expect(properties).toMatchObject([{ name: name('nic') }, { name: name('lables'), labels: [{ key: name('a') }] }]);
  });

  it('service addresses', () => {
    const { properties } = worldOf(
      'service-address s { backends (pods where a == b)  map tcp/80 -> 8080  map udp/53 -> "dns" }',
    );
    expect(properties).toMatchObject([
      { name: name('backends'), peer: { kind: 'select' } },
      { name: name('map'), service: { kind: 'ports' }, values: [{ kind: 'number', value: 8080 }] },
      { values: [name('dns', true)] },
    ]);
  });
});

describe('names', () => {
  it('resolve escapes', () => {
    expect(readBody('module', 'module "a\\"b\\\\c\\n\\r\\t\\u{1F512}"').path.parts[0]?.text).toBe('a"b\\c\n\r\t🔒');
  });

  it('are letters of any script', () => {
    expect(read('group größe = 東京 or веб or 服务-web').statements.length).toBe(1);
  });

  it('may be words of the language where they are not referred to', () => {
    expect(
      readBody('policy', 'policy policy in in { allow allow: a -> b\n pass to to out: a -> b\n drop in out: a -> b }'),
    ).toMatchObject({
      rules: [
        { name: name('allow') },
        { action: 'pass', passTo: name('to'), direction: null, name: name('out') },
        { direction: 'in', name: name('out') },
      ],
    });
  });
});

describe('docs', () => {
  it('belong to the statement or the rule below', () => {
    const statement = readOne('// no\n/// one\n///\n///  two\npolicy p in t {\n  /// of r\n  allow r: a -> b\n}');
    expect(statement.doc).toBe('one\n\n two');
    expect(statement.comments).toMatchObject([{ text: 'no', style: 'line' }]);
    expect(statement.body).toMatchObject({ rules: [{ doc: 'of r' }] });
  });

  it('are not what has four slashes or stands behind something', () => {
    expect(readOne('//// rule\nlabel a /// x')).toMatchObject({
      doc: null,
      comments: [{ text: '// rule' }, { text: 'x', style: 'trailing' }],
    });
  });
});

describe('spans', () => {
  it('are those of the text as it is, whatever its line ends', () => {
    const text = '\uFEFF// é\r\ngroup web =\r\n  a or "b c"\r\n';
    const statement = readOne(text);
    const under = ({ span }: { readonly span: { readonly start: number; readonly end: number } }) =>
      text.slice(span.start, span.end);
    expect(under(statement)).toBe('group web =\r\n  a or "b c"');
    const { body } = statement;
    if (body.kind !== 'group' || body.peer.kind !== 'union') throw new Error('not a union');
    expect(body.peer.of.map(under)).toEqual(['a', '"b c"']);
    expect(under(body.name)).toBe('web');
  });
});

describe('pieces by themselves', () => {
  it('flows', () => {
    const parsed = parseFlowText({ name: 'flow', text: 'web-01/eth0 -> 10.0.0.1 on tcp/443' });
    expect(parsed).toMatchObject({
      diagnostics: [],
      node: { source: { kind: 'reference' }, destination: { kind: 'addresses' }, service: { kind: 'ports' } },
    });
    expect(parseFlowText({ name: 'flow', text: 'a -> b' }).node?.service).toBeNull();
  });

  it('peers and services', () => {
    expect(parsePeerText({ name: 'x', text: 'vms where tier == db' }).node).toMatchObject({ kind: 'select' });
    expect(parseServiceText({ name: 'x', text: 'https, dns\n' }).node).toMatchObject({ kind: 'list' });
  });

  it.each(['', 'a b', 'a ->', 'a, b except c', '"', '(('])('are refused when they are wrong: %s', (text) => {
    const { node, diagnostics } = parsePeerText({ name: 'x', text });
    expect(node).toBeNull();
    expect(diagnostics.length).toBeGreaterThan(0);
  });
});
