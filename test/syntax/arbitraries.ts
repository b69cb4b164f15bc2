// Random syntax trees of every construct, such as the parser makes them; spans are all the same and mean nothing.
import fc from 'fast-check';
import { type NameRole, needsQuotes } from '../../src/syntax/lexical/quote.ts';
import { contextualWords, propertyOnlyWords, reservedWords } from '../../src/syntax/lexical/words.ts';
import type {
  AddressText,
  AssertionNode,
  ChangeNode,
  ClaimNode,
  ConditionNode,
  FlowParts,
  Name,
  NumberText,
  OptionNode,
  Path,
  PeerNode,
  Property,
  RangeNode,
  RuleNode,
  ServiceNode,
  SettingNode,
  Statement,
  StatementBody,
  StepNode,
  TestItem,
  TierNode,
  TimeText,
  Tree,
  WorldNode,
} from '../../src/syntax/tree.ts';
import { sampleSize } from '../kit/sample-size.ts';

/** One seed for every property, so that a run repeats; fast-check prints it with a counterexample. */
export const RUNS = { seed: 20261121, numRuns: sampleSize(600) };

const span = { file: 'made-up.seg', start: 0, end: 0 };

const words = [...reservedWords, ...contextualWords, ...propertyOnlyWords];
const text = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('web', 'api', 'db', 'esx-1', 'a', 'x_1', '7f9', 'shop-front', 'größe', '東京'),
  },
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: fc.constantFrom('443', '1-99', '2027-01-31', '10.0.0.1', 'fe80', 'a-', '-', 'a--b', 'é') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'a b', 'app.kubernetes.io/name', '"', '\\', 'x\ny', '\u202e', 'pаy', 'e\u0301'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 8, unit: 'binary' }).filter((s) => !/\p{Cs}/u.test(s)) },
);

function name(role: NameRole = 'name'): fc.Arbitrary<Name> {
  return fc
    .tuple(text, fc.boolean())
    .map(([value, quoted]) => ({ kind: 'name', text: value, quoted: quoted || needsQuotes(value, role), span }));
}

const quoted: fc.Arbitrary<Name> = text.map((value) => ({ kind: 'name', text: value, quoted: true, span }));
const number: fc.Arbitrary<NumberText> = fc.nat(70_000).map((value) => ({ kind: 'number', value, span }));

function withoutNumber(part: Name): Name {
  return /^[0-9]+(-[0-9]+)?$/.test(part.text) ? { ...part, quoted: true } : part;
}

function path(role: NameRole): fc.Arbitrary<Path> {
  const one = name(role).map((part): Path => ({ kind: 'path', parts: [part], span }));
  const several = fc
    .array(name().map(withoutNumber), { minLength: 2, maxLength: 3 })
    .map((parts): Path => ({ kind: 'path', parts, span }));
  return fc.oneof({ weight: 4, arbitrary: one }, { weight: 1, arbitrary: several });
}

const rulePath: fc.Arbitrary<Path> = fc
  .tuple(path('name'), fc.option(path('name')))
  .map(([of, module]) => (module === null ? of : { ...of, module: module.parts }));

const address: fc.Arbitrary<AddressText> = fc
  .constantFrom('10.0.0.1', '10.0.0.0/8', '192.0.2.1-192.0.2.9', '::', '::1', 'fe80::1/64', '2001:db8::-2001:db8::f')
  .map((value) => ({ kind: 'address', text: value, span }));
const addressItem = fc.oneof<fc.Arbitrary<AddressText | Path>[]>(address, path('reference'));
const time: fc.Arbitrary<TimeText> = fc
  .constantFrom('2027-01-31', '2027-01-31T10:00:00Z', '2027-01-31T10:00+02:00')
  .map((value) => ({ kind: 'time', text: value, span }));

const list = <T>(of: fc.Arbitrary<T>, minLength = 1, maxLength = 3): fc.Arbitrary<T[]> =>
  fc.array(of, { minLength, maxLength });

// ---- conditions ----

const leafCondition: fc.Arbitrary<ConditionNode> = fc.oneof(
  name().map((key): ConditionNode => ({ kind: 'has', key, span })),
  fc
    .tuple(key(), fc.constantFrom('==', '!=', 'like', 'starts', 'ends', 'contains', 'matches'), name())
    .map(([of, operator, value]): ConditionNode => ({ kind: 'compare', key: of, operator, values: [value], span })),
  fc
    .tuple(key(), fc.constantFrom('in', 'not in'), list(name()))
    .map(([of, operator, values]): ConditionNode => ({ kind: 'compare', key: of, operator, values, span })),
  fc
    .tuple(fc.boolean(), list(addressItem))
    .map(([negated, of]): ConditionNode => ({ kind: 'address-in', negated, of, span })),
);

/** Keys that are not the words that conditions start with. */
function key(): fc.Arbitrary<Name> {
  return name().map((of) => (['not', 'has', 'address'].includes(of.text) ? { ...of, quoted: true } : of));
}

function condition(depth: number): fc.Arbitrary<ConditionNode> {
  if (depth === 0) return leafCondition;
  const inner = condition(depth - 1);
  return fc.oneof(
    { weight: 3, arbitrary: leafCondition },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('and', 'or'), list(inner, 2))
        .map(([kind, of]): ConditionNode => ({ kind, of, span })),
    },
    { weight: 1, arbitrary: inner.map((of): ConditionNode => ({ kind: 'not', of, span })) },
  );
}

// ---- peers ----

const leafPeer: fc.Arbitrary<PeerNode> = fc.oneof(
  fc.constantFrom('any', 'nothing', 'internet', 'external', 'hosts').map((kind): PeerNode => ({ kind, span })),
  fc
    .tuple(path('reference'), fc.option(name()))
    .map(([of, face]): PeerNode => ({ kind: 'reference', path: of, interface: face, span })),
  fc
    .oneof(
      list(address),
      path('reference').map((of) => [of]),
      list(addressItem, 2),
    )
    .map((of): PeerNode => ({ kind: 'addresses', of, span })),
  fc
    .tuple(
      fc.constantFrom('workloads', 'vms', 'containers', 'pods', 'pod-vms', 'instances', 'bare-metals'),
      fc.option(condition(2)),
      fc.option(condition(1)),
    )
    .map(([what, where, namespaces]): PeerNode => ({ kind: 'select', what, where, namespaces, span })),
  fc
    .tuple(fc.constantFrom('segment', 'site', 'host'), name())
    .map(([kind, id]): PeerNode => ({ kind, id, interface: null, span })),
  fc.tuple(name(), fc.option(name())).map(([id, face]): PeerNode => ({ kind: 'workload', id, interface: face, span })),
  name().map((pattern): PeerNode => ({ kind: 'fqdn', pattern, span })),
  fc.tuple(quoted, quoted).map(([of, reason]): PeerNode => ({ kind: 'opaque', text: of, reason, span })),
);

function peerOf(depth: number): fc.Arbitrary<PeerNode> {
  if (depth === 0) return leafPeer;
  const inner = peerOf(depth - 1);
  return fc.oneof(
    { weight: 5, arbitrary: leafPeer },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('union', 'intersect'), list(inner, 2))
        .map(([kind, of]): PeerNode => ({ kind, of, span })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(inner, inner).map(([of, except]): PeerNode => ({ kind: 'except', of, except, span })),
    },
    { weight: 1, arbitrary: inner.map((of): PeerNode => ({ kind: 'negated', of, span })) },
  );
}

export const peer = peerOf(2);

// ---- services ----

const range: fc.Arbitrary<RangeNode> = fc
  .tuple(fc.nat(65535), fc.nat(65535))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b), span }));
const ports: fc.Arbitrary<ServiceNode & { kind: 'ports' }> = fc
  .tuple(
    fc.constantFrom('tcp', 'udp', 'sctp'),
    list(fc.oneof<fc.Arbitrary<RangeNode | Name>[]>(range, quoted), 0),
    list(range, 0, 2),
  )
  .map(([protocol, of, from]) => ({ kind: 'ports', protocol, ports: of, from, span }));
const rangeOrName = fc.oneof<fc.Arbitrary<RangeNode | Name>[]>(range, name('value'));

const leafService: fc.Arbitrary<ServiceNode> = fc.oneof(
  ports,
  fc.constant<ServiceNode>({ kind: 'any', span }),
  path('reference').map((of): ServiceNode => ({ kind: 'reference', path: of, span })),
  fc
    .tuple(fc.constantFrom(4, 6), fc.option(rangeOrName), fc.option(range))
    .map(([family, type, code]): ServiceNode => ({ kind: 'icmp', family, type, code: type && code, span })),
  rangeOrName.map((of): ServiceNode => ({ kind: 'protocol', number: of, span })),
  name().map((of): ServiceNode => ({ kind: 'named-port', name: of, span })),
);

function serviceOf(depth: number): fc.Arbitrary<ServiceNode> {
  if (depth === 0) return leafService;
  const inner = serviceOf(depth - 1);
  return fc.oneof(
    { weight: 5, arbitrary: leafService },
    { weight: 2, arbitrary: list(inner, 2).map((of): ServiceNode => ({ kind: 'list', of, span })) },
    {
      weight: 1,
      arbitrary: fc.tuple(inner, inner).map(([of, except]): ServiceNode => ({ kind: 'except', of, except, span })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(inner, quoted).map(([of, reason]): ServiceNode => ({ kind: 'opaque', of, reason, span })),
    },
  );
}

export const service = serviceOf(2);

// ---- rules ----

const direction = fc.option(fc.constantFrom('in', 'out'));

const option: fc.Arbitrary<OptionNode> = fc.oneof(
  peer.map((of): OptionNode => ({ kind: 'applies-to', peer: of, span })),
  fc
    .constantFrom('ipv4', 'ipv6', 'stateless', 'strict', 'disabled', 'staged', 'log')
    .map((kind): OptionNode => ({ kind, span })),
  fc
    .tuple(fc.constantFrom('window', 'reason', 'owner', 'ticket', 'originally'), name())
    .map(([kind, of]): OptionNode => ({ kind, text: of, span })),
  time.map((of): OptionNode => ({ kind: 'until', time: of, span })),
  fc
    .constantFrom<('in' | 'out')[]>(['in'], ['out'], ['in', 'out'], ['out', 'in'])
    .map((of): OptionNode => ({ kind: 'directions', of, span })),
  fc.tuple(fc.constantFrom('priority', 'sequence'), number).map(([kind, value]): OptionNode => ({ kind, value, span })),
  name().map((reason): OptionNode => ({ kind: 'opaque', reason, span })),
);

const flow: fc.Arbitrary<FlowParts> = fc.record({ source: peer, destination: peer, service: fc.option(service) });
const doc = fc.option(fc.constantFrom('what it is for', 'two\nlines', '', ' indented', '/ a slash'), { freq: 3 });

const rule: fc.Arbitrary<RuleNode> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('allow', 'drop', 'reject', 'log', 'pass').map((action) => ({ action, passTo: null })),
      name().map((passTo) => ({ action: 'pass' as const, passTo })),
    ),
    direction,
    name(),
    flow,
    list(option, 0),
    doc,
  )
  .map(([move, way, of, parts, options, text_]) => ({
    ...{ kind: 'rule', ...move, direction: way, name: of, ...parts, options, doc: text_, comments: [], span },
  }));

// ---- the world and changes ----

const value = fc.oneof<fc.Arbitrary<Property['values'][number]>[]>(
  name('value'),
  address,
  number,
  fc.tuple(name('value'), name()).map((parts): Path => ({ kind: 'path', parts: parts.map(withoutNumber), span })),
);
const pair = fc.tuple(name(), name()).map(([of, its]) => ({ key: of, value: its, span }));
const emptyProperty = {
  kind: 'property',
  values: [],
  labels: [],
  peer: null,
  service: null,
  comments: [],
  span,
} as const;
const bare = (word: string): Name => ({ kind: 'name', text: word, quoted: false, span });

const property: fc.Arbitrary<Property> = fc.oneof(
  fc
    .tuple(fc.constantFrom('nic', 'tep', 'on', 'owner', 'kind', 'site', 'vni', 'subnet'), list(value, 0))
    .map(([word, values]): Property => ({ ...emptyProperty, name: bare(word), values })),
  fc
    .tuple(
      name('line').map((of) =>
        ['labels', 'backends', 'port', 'map'].includes(of.text) ? { ...of, quoted: true } : of,
      ),
      list(value, 0),
    )
    .map(([of, values]): Property => ({ ...emptyProperty, name: of, values })),
  list(pair, 1, 5).map((labels): Property => ({ ...emptyProperty, name: bare('labels'), labels })),
  peer.map((of): Property => ({ ...emptyProperty, name: bare('backends'), peer: of })),
  fc
    .tuple(name(), ports)
    .map(([of, at]): Property => ({ ...emptyProperty, name: bare('port'), values: [of], service: at })),
  fc
    .tuple(fc.oneof<fc.Arbitrary<Name | NumberText>[]>(number, name('value')), ports)
    .map(([to, at]): Property => ({ ...emptyProperty, name: bare('map'), values: [to], service: at })),
);

const world: fc.Arbitrary<WorldNode> = fc
  .tuple(
    fc.oneof(
      fc.tuple(
        fc.constantFrom('site', 'tier0', 'tier1', 'segment', 'host', 'namespace', 'service-address', 'host-alias'),
        name(),
      ),
      fc.tuple(fc.constantFrom('vm', 'container', 'pod-vm', 'instance', 'bare-metal'), name('reference')),
    ),
    fc.option(name()),
    fc.option(name()),
    list(name(), 0),
    fc.boolean(),
    list(property, 0),
  )
  .map(([[what, id], type, on, sites, stretched, properties]) => ({
    ...{ kind: 'world', what, id, type, on, sites, stretched: stretched && sites.length > 0, properties, span },
  }));

const at = time.map((of): ChangeNode => ({ kind: 'at', time: of, span }));
const changeButAt: fc.Arbitrary<ChangeNode> = fc.oneof(
  fc.tuple(name(), list(pair)).map(([of, labels]): ChangeNode => ({ kind: 'set', workload: of, labels, span })),
  fc.tuple(name(), name()).map(([of, host]): ChangeNode => ({ kind: 'move', workload: of, host, span })),
  fc.tuple(name(), name()).map(([of, as]): ChangeNode => ({ kind: 'clone', workload: of, as, span })),
  world.map((of): ChangeNode => ({ kind: 'create', workload: of, span })),
  name().map((of): ChangeNode => ({ kind: 'delete', workload: of, span })),
  fc
    .tuple(
      rulePath,
      fc.option(
        fc.oneof<fc.Arbitrary<NonNullable<(ChangeNode & { kind: 'add' })['position']>>[]>(
          fc.tuple(fc.constantFrom('before', 'after'), name()).map(([where, of]) => ({ where, rule: of })),
          fc.constantFrom('first', 'last').map((where) => ({ where })),
        ),
      ),
      rule,
    )
    .map(([policy, position, of]): ChangeNode => ({ kind: 'add', policy, position, rule: { ...of, doc: null }, span })),
  fc
    .tuple(fc.constantFrom('rule', 'policy', 'group'), rulePath)
    .map(([what, of]): ChangeNode => ({ kind: 'remove', what, path: of, span })),
  fc
    .tuple(fc.constantFrom('rule', 'policy'), fc.constantFrom('enabled', 'disabled', 'staged'), rulePath)
    .map(([what, to, of]): ChangeNode => ({ kind: 'switch', what, to, path: of, span })),
  fc
    .tuple(fc.constantFrom('fail', 'restore'), fc.constantFrom('host', 'site', 'router'), name())
    .map(([kind, what, id]): ChangeNode => ({ kind, what, id, span })),
  fc
    .tuple(fc.constantFrom('cut', 'join'), name(), name())
    .map(([kind, from, to]): ChangeNode => ({ kind, from, to, span })),
);
export const change = fc.oneof({ weight: 9, arbitrary: changeButAt }, { weight: 1, arbitrary: at });

// ---- tests and claims ----

const by = fc.option(fc.record({ rule: rulePath, direction }));

const assertion: fc.Arbitrary<AssertionNode> = fc
  .tuple(fc.constantFrom('allow', 'deny', 'drop', 'reject', 'unknown'), fc.boolean(), flow, by)
  .map(([expect, some, parts, of]) => ({ kind: 'assertion', expect, some, ...parts, by: of, comments: [], span }));

function testItem(depth: number): fc.Arbitrary<TestItem> {
  const simple = fc.oneof<fc.Arbitrary<TestItem>[]>(
    assertion,
    world.map((workload): TestItem => ({ kind: 'given', workload, span })),
    change.map((of): TestItem => ({ kind: 'change-item', change: of, span })),
  );
  if (depth === 0) return simple;
  const block = fc
    .tuple(time, list(testItem(depth - 1), 0))
    .map(([of, items]): TestItem => ({ kind: 'at-block', time: of, items, span }));
  return fc.oneof({ weight: 4, arbitrary: simple }, { weight: 1, arbitrary: block });
}

const claim: fc.Arbitrary<ClaimNode> = fc.oneof(
  fc
    .tuple(fc.constantFrom('never', 'only', 'replies'), flow)
    .map(([kind, parts]): ClaimNode => ({ kind, ...parts, span })),
  fc.tuple(flow, fc.option(number)).map(([parts, hops]): ClaimNode => ({ kind: 'no-path', ...parts, hops, span })),
);

const step: fc.Arbitrary<StepNode> = fc
  .tuple(
    fc.oneof<fc.Arbitrary<StepNode['at']>[]>(
      time,
      fc
        .constantFrom(0, 1, 250, 1000, 90_000, 3_600_000, 5_400_000, 86_400_000)
        .map((milliseconds) => ({ kind: 'offset', milliseconds, span })),
    ),
    list(testItem(1), 0),
  )
  .map(([of, items]) => ({ at: of, items, span }));

const tier: fc.Arbitrary<TierNode> = fc
  .tuple(
    name('line'),
    fc.boolean(),
    fc.option(
      fc.record({
        verdict: fc.constantFrom('pass', 'allow', 'drop', 'reject'),
        whereSelected: fc.boolean(),
        span: fc.constant(span),
      }),
    ),
    fc.option(service),
  )
  .map(([of, ethernet, default_, decides]) => ({
    ...{ name: of, ethernet, default: default_, decides, comments: [], span },
  }));

const setting: fc.Arbitrary<SettingNode> = fc.oneof(
  fc
    .tuple(
      name('line').map((of) => (of.text === 'defines' ? { ...of, quoted: true } : of)),
      name(),
    )
    .map(([of, its]): SettingNode => ({ key: of, value: its, span })),
  service.map((of): SettingNode => ({ key: bare('defines'), value: of, span })),
);

function isRemark({ kind }: OptionNode): boolean {
  return kind === 'owner' || kind === 'ticket' || kind === 'reason';
}

const declared = name('reference');

export const body: fc.Arbitrary<StatementBody> = fc.oneof(
  number.map((version): StatementBody => ({ kind: 'language', version })),
  path('name').map((of): StatementBody => ({ kind: 'module', path: of })),
  fc.tuple(path('name'), list(name())).map(([of, names]): StatementBody => ({ kind: 'import', path: of, names })),
  fc
    .tuple(name(), fc.option(list(name())), fc.option(fc.constantFrom('single', 'several')))
    .map(([of, values, cardinality]): StatementBody => ({ kind: 'label', key: of, values, cardinality })),
  fc.tuple(declared, service).map(([of, its]): StatementBody => ({ kind: 'service', name: of, service: its })),
  fc
    .tuple(declared, list(addressItem), list(addressItem, 0))
    .map(([of, its, except]): StatementBody => ({ kind: 'addresses', name: of, of: its, except })),
  fc.tuple(declared, peer).map(([of, its]): StatementBody => ({ kind: 'group', name: of, peer: its })),
  list(tier, 0).map((tiers): StatementBody => ({ kind: 'tiers', tiers })),
  list(addressItem).map((of): StatementBody => ({ kind: 'internal', of })),
  fc.tuple(name(), list(setting, 0)).map(([of, settings]): StatementBody => ({ kind: 'dialect', name: of, settings })),
  fc.tuple(fc.constantFrom('exclude', 'governs'), peer).map(([kind, of]): StatementBody => ({ kind, peer: of })),
  fc.tuple(name(), name(), list(option, 0, 4), list(rule, 0, 4)).map(
    ([of, in_, options, rules]): StatementBody => ({
      kind: 'policy',
      name: of,
      tier: in_,
      options: [...options.filter((o) => !isRemark(o)), ...options.filter(isRemark)],
      rules,
    }),
  ),
  fc.tuple(name(), list(testItem(2), 0, 5)).map(([of, items]): StatementBody => ({ kind: 'test', name: of, items })),
  fc.tuple(name(), list(claim, 0)).map(([of, claims]): StatementBody => ({ kind: 'invariant', name: of, claims })),
  fc.tuple(name(), fc.constantFrom('from', 'to'), peer, fc.option(number), number).map(
    ([of, way, its, hops, atMost]): StatementBody => ({
      ...{ kind: 'budget', name: of, direction: way, of: its, hops, atMost },
    }),
  ),
  fc.tuple(name(), list(change, 0), list(assertion, 0), list(assertion, 0)).map(
    ([of, changes, opens, closes]): StatementBody => ({
      kind: 'change-block',
      name: of,
      changes,
      opens: opens.map((a) => ({ ...a, expect: 'allow' })),
      closes: closes.map((a) => ({ ...a, expect: 'deny' })),
    }),
  ),
  fc.tuple(name(), list(step, 0)).map(([of, steps]): StatementBody => ({ kind: 'scenario', name: of, steps })),
  change.map((of): StatementBody => ({ kind: 'change', change: of })),
  fc
    .tuple(name(), name(), list(property, 0))
    .map(([from, to, properties]): StatementBody => ({ kind: 'tunnel', from, to, properties })),
  world.map((node): StatementBody => ({ kind: 'world', node })),
);

const statement: fc.Arbitrary<Statement> = fc
  .tuple(body, doc)
  .map(([of, text_]) => ({ body: of, doc: text_, comments: [], span }));

export const tree: fc.Arbitrary<Tree> = fc
  .array(statement, { maxLength: 6 })
  .map((statements) => ({ file: 'made-up.seg', statements, comments: [], span }));
