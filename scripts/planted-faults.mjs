// The faults that scripts/oracle-faults.mjs plants: what goes wrong, in which file under src, the text that is replaced,
// and what replaces it. A fault is worth a line if it changes some answer, and if somebody could make it.

export const FAULTS = [
  // When a rule takes part.
  ['an expired rule goes on', 'compile/activity.ts', 'at >= options.until', 'false'],
  [
    'a rule is over at the instant before its end',
    'compile/activity.ts',
    'at >= options.until',
    'at + 1 >= options.until',
  ],
  ['a window is open when it is closed', 'compile/activity.ts', '!windowContains(', 'windowContains('],
  ['a disabled rule matches', 'compile/activity.ts', 'if (options.disabled)', 'if (false)'],
  ['a staged rule matches', 'compile/activity.ts', 'if (options.staged)', 'if (false)'],
  ['windows follow UTC', 'base/zone-clock.ts', 'timeZone: zone,', "timeZone: 'UTC',"],
  ['a window over midnight begins the next day', 'model/time.ts', 'isDay(day - 1) && minute', 'isDay(day) && minute'],

  // The order of rules, and ties.
  ['higher priorities come first', 'compile/precedence.ts', 'number(a) - number(b)', 'number(b) - number(a)'],
  ['rules without a number come last', 'compile/precedence.ts', 'rule.sequence ?? 0', 'rule.sequence ?? 9'],
  [
    'ties go by name backwards',
    'compile/precedence.ts',
    'compareText(name(a), name(b))',
    'compareText(name(b), name(a))',
  ],
  ['an undefined order goes by strength', 'evaluate/progress.ts', "how === 'undefined' ?", 'false ?'],
  ['the strongest of a tie goes by any order', 'evaluate/progress.ts', "how === 'undefined' ?", 'true ?'],
  [
    'allow wins a tie',
    'evaluate/progress.ts',
    '{ drop: 0, reject: 1, unknown: 2, allow: 3,',
    '{ drop: 3, reject: 1, unknown: 2, allow: 0,',
  ],
  [
    'one open branch opens a tie',
    'evaluate/progress.ts',
    "outcome === 'open' ? sets.intersect",
    "outcome === 'none' ? sets.intersect",
  ],
  ['of tied passes one is preferred', 'evaluate/progress.ts', 'of new Set([x, y])', 'of [rank(x) <= rank(y) ? x : y]'],
  [
    'a tied branch starts with nothing open',
    'evaluate/progress.ts',
    '({ ...nothing, open: progress.open })',
    '({ ...nothing })',
  ],

  // What a rule is lowered to.
  ['an in rule is judged at the source', 'compile/lower.ts', "out: rule.direction !== 'in'", 'out: true'],
  ['an out rule is judged at the destination', 'compile/lower.ts', "in: rule.direction !== 'out'", 'in: true'],
  [
    'the family of a rule is ignored',
    'compile/lower.ts',
    'family: rule.family ?? policy.family',
    'family: policy.family',
  ],
  [
    'the family of a policy is ignored',
    'compile/lower.ts',
    'family: rule.family ?? policy.family',
    'family: rule.family',
  ],
  ['what is opaque is certain', 'compile/lower.ts', 'opaque: rule.opaque ?? rule.service.opaque', 'opaque: null'],
  ['pass goes to the next tier only', 'compile/lower.ts', "tierIndex.get(rule.passTo ?? '') ?? tier + 1", 'tier + 1'],
  ['what is excluded is judged', 'compile/lower.ts', 'layer.exclude === null', 'true'],
  ['a root governs everything', 'compile/lower.ts', 'layer.governs === null', 'true'],
  ['an import governs what others brought', 'compile/lower.ts', "layer.kind === 'import' &&", 'false &&'],
  [
    'a rule has its own scope in a policy that has one',
    'compile/presence.ts',
    "policy.appliesTo.kind === 'any'",
    'rule.appliesTo !== null',
  ],
  ['a port name means any of its ports', 'compile/named-ports.ts', 'port.name === named.name &&', ''],
  ['a named port forgets source ports', 'compile/named-ports.ts', 'named.sourcePorts ?? ALL_PORTS', 'ALL_PORTS'],
  [
    'an allow of all but an empty set allows all',
    'compile/negated.ts',
    "denies ? { kind: 'any' } : { kind: 'nothing' }",
    "{ kind: 'any' }",
  ],
  [
    'a drop of all but an empty set drops nothing',
    'compile/negated.ts',
    "denies ? { kind: 'any' } : { kind: 'nothing' }",
    "{ kind: 'nothing' }",
  ],
  [
    'what is taken away is on the same side',
    'compile/negated.ts',
    'lower(peer.except, !denies)',
    'lower(peer.except, denies)',
  ],
  ['a class mixes points with a rule and without', 'compile/lookup.ts', 'if (rule[direction]) add(rule.present);', ''],
  ['a class mixes families', 'compile/lookup.ts', 'new Set<Bitset>(families)', 'new Set<Bitset>()'],

  // Whom a tier selects.
  ['a disabled policy selects', 'compile/selection.ts', 'policy.disabled || policy.staged', 'false'],
  ['a disabled rule selects', 'compile/selection.ts', '!rule.disabled && !rule.staged', 'true'],
  [
    'selecting in one direction is not selecting in both',
    'compile/selection.ts',
    "dialect.selection === 'any-direction'",
    'false',
  ],
  ['the declared directions do not matter', 'compile/selection.ts', 'policy.directions?.includes(own) ??', ''],

  // The walk over services.
  ['a maybe decides', 'evaluate/progress.ts', 'isCertain ? {', 'true ? {'],
  ['a default applies where nothing selects', 'evaluate/progress.ts', "applies === 'no'", 'false'],
  ['a tier drops what it does not decide', 'evaluate/progress.ts', "selected === 'no' ? inside :", ''],
  ['a doubtful selection is a selection', 'evaluate/progress.ts', "applies === 'yes' ? decided", 'true ? decided'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a text of the source
  ['steps are told apart by action alone', 'evaluate/automaton.ts', ' ${rule.passTo} ${sets.of(rule.services)}', ''],
  [
    'one layer is enough to allow',
    'evaluate/outcome.ts',
    'allow: intersectServices(a.allow, b.allow)',
    'allow: unionServices(a.allow, b.allow)',
  ],
  [
    'one point is enough to allow',
    'evaluate/outcome.ts',
    'allow: intersectServices(first.allow, second.allow)',
    'allow: unionServices(first.allow, second.allow)',
  ],
  ['the last denial decides how', 'evaluate/outcome.ts', 'subtractServices(second.drop, first.reject)', 'second.drop'],
  [
    'what the first point denies in part is denied',
    'evaluate/judge.ts',
    'isNoServices(allow) && isNoServices(unknown)',
    'isNoServices(allow)',
  ],

  // Whom a peer means.
  [
    'except leaves nothing out',
    'graph/membership.ts',
    'triSubtract(nested(peer.of), nested(peer.except))',
    'nested(peer.of)',
  ],
  [
    'and between peers is or',
    'graph/membership.ts',
    'peer.of.map(nested).reduce(triIntersect, allOf(size))',
    'peer.of.map(nested).reduce(triUnion, noneOf(size))',
  ],
  ['not is lost', 'graph/membership.ts', 'triSubtract(allOf(size), nested(peer.of))', 'nested(peer.of)'],
  ['the internet is inside', 'graph/membership.ts', '!overlapsAddresses(', 'overlapsAddresses('],
  ['addresses are a scope', 'graph/membership.ts', "use === 'scope' ? noneOf(size) : matchAddresses", 'matchAddresses'],
  ['addresses mean workloads', 'graph/membership.ts', 'matchWorkloads ? found :', 'true ? found :'],
  [
    'peers are never realised',
    'graph/membership.ts',
    "dialect.peers !== 'realised-address'",
    "dialect.peers !== 'never'",
  ],
  ['a domain name is certain', 'graph/membership.ts', 'return doubtful(external.sure)', 'return external'],
  [
    'a condition is about one address',
    'graph/membership.ts',
    '.filter((other) => other.interface === item.interface)',
    '.filter((other) => other === item)',
  ],
  ['an unknown address is nowhere', 'graph/address-index.ts', "? 'no' : 'maybe'", "? 'no' : 'no'"],
  ['case counts', 'graph/postings.ts', 'text.toLowerCase()', 'text'],

  // Ends, replies and service addresses.
  ['traffic of a workload to itself is judged', 'evaluate/evaluator.ts', 'a.endpoint === b.endpoint', 'false'],
  ['a resident host is judged', 'evaluate/evaluator.ts', 'layer.layer.dialect.residentHostExempt', 'false'],
  ['every host is resident', 'evaluate/evaluator.ts', '|| workload.host !== host.id', ''],
  [
    'the answer to a resident host is judged',
    'evaluate/reply.ts',
    "if (point.direction === 'out' && isExempt(point.layer)) continue;",
    '',
  ],
  ['a policy without state keeps it', 'evaluate/reply.ts', ' || rule.policy.stateless', ''],
  [
    'a reply is judged where it comes from',
    'evaluate/reply.ts',
    "point.direction === 'out' ? 'in' : 'out'",
    'point.direction',
  ],
  ['a reply has the ports of its request', 'net/reply.ts', 'product(inner, outer)', 'product(outer, inner)'],
  ['nothing answers a ping', 'net/reply.ts', '[8, 0],', '[9, 0],'],
  ['state that may be kept blocks', 'evaluate/reply.ts', '!overlapsServices(stateful, stateless) &&', ''],
  ['one backend speaks for all', 'evaluate/decide-service.ts', 'answer.verdict !== first.verdict', 'false'],
  [
    'a backend is asked at the port of its service',
    'evaluate/decide-service.ts',
    'a: target }',
    'a: question.service.a }',
  ],
  ['a doubtful backend is one', 'evaluate/decide-service.ts', '!hasCertain &&', 'false &&'],
  ['a target may have any name', 'evaluate/decide-service.ts', 'port.name === map.target &&', ''],
];
