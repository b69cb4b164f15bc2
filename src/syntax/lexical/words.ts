// The words of the language and the other tokens, each with the one UTF-16 unit that stands for it in what the grammar
// reads. The last section of grammar/policy.peggy lists the same words with the same units; a test holds the two equal.
// A word means something only where the grammar asks for it. Reserved are those that could be taken for a name where a
// peer or a service is expected: there, and where such a name is declared, a name that is one of them is quoted.

/** Words that a name in a peer or a service is not, unless quoted. Units from U+E000. */
export const reservedWords = [
  ...['and', 'or', 'not', 'except', 'where', 'in', 'on', 'by', 'within', 'some'],
  ...['any', 'nothing', 'internet', 'external', 'hosts', 'addresses', 'segment', 'site', 'host', 'workload', 'fqdn'],
  ...['workloads', 'vms', 'containers', 'pods', 'pod-vms', 'instances', 'bare-metals'],
  ...['tcp', 'udp', 'sctp', 'icmp', 'icmp6', 'proto', 'port'],
  ...['applies', 'ipv4', 'ipv6', 'stateless', 'strict', 'disabled', 'staged', 'log', 'window', 'until', 'reason'],
  ...['owner', 'ticket', 'directions', 'priority', 'sequence', 'originally', 'opaque'],
  ...['allow', 'drop', 'reject', 'pass', 'deny'],
] as const;

/** Words that are also free to be names. Units from U+E100. */
export const contextualWords = [
  ...['to', 'out', 'has', 'like', 'starts', 'ends', 'contains', 'matches', 'address', 'namespaces', 'because', 'from'],
  ...['language', 'module', 'import', 'label', 'single', 'several', 'group', 'service', 'internal', 'exclude'],
  ...['governs', 'dialect', 'defines', 'tiers', 'ethernet', 'default', 'selected', 'decides', 'policy'],
  ...['test', 'given', 'at', 'unknown', 'invariant', 'never', 'only', 'replies', 'no', 'path', 'hops', 'budget'],
  ...['reach', 'of', 'change', 'opens', 'closes', 'scenario', 'set', 'move', 'clone', 'as', 'create', 'delete'],
  ...['add', 'before', 'after', 'first', 'last', 'remove', 'rule', 'enable', 'disable', 'stage', 'fail', 'restore'],
  ...['router', 'cut', 'join', 'tunnel', 'vm', 'container', 'pod-vm', 'instance', 'bare-metal', 'namespace'],
  ...['tier0', 'tier1', 'service-address', 'host-alias', 'stretched', 'labels', 'backends', 'map'],
] as const;

/** Words that only ever start a property in a world block; all have the unit `p`. */
export const propertyOnlyWords = [
  ...['nic', 'os', 'hostname', 'external-id', 'display-name', 'kind', 'tep', 'mtu', 'vni', 'vlan', 'subnet', 'space'],
  ...['tep-subnet', 'provider', 'region', 'domain', 'uplink', 'connects', 'advertises'],
  ...['zone', 'machine', 'replication', 'spoofguard', 'acl', 'mode', 'edges', 'route'],
] as const;

export type Word =
  | (typeof reservedWords)[number]
  | (typeof contextualWords)[number]
  | (typeof propertyOnlyWords)[number];

/** Words that start a property in a world block; a value that is one of them is quoted. */
export const propertyWords: readonly Word[] = [
  ...propertyOnlyWords,
  ...(['namespace', 'owner', 'site', 'port', 'address', 'on', 'labels', 'backends', 'map'] as const),
];

/** Words that start a statement. */
export const statementWords: readonly Word[] = [
  ...(['language', 'module', 'import', 'label', 'service', 'addresses', 'group', 'tiers', 'internal'] as const),
  ...(['dialect', 'exclude', 'governs', 'policy', 'test', 'invariant', 'budget', 'change', 'scenario'] as const),
  ...(['site', 'tunnel', 'tier0', 'tier1', 'segment', 'host', 'namespace', 'service-address', 'host-alias'] as const),
  ...(['vm', 'container', 'pod-vm', 'instance', 'bare-metal'] as const),
  ...(['set', 'move', 'clone', 'create', 'delete', 'add', 'remove', 'enable', 'disable', 'stage'] as const),
  ...(['fail', 'restore', 'cut', 'join', 'at'] as const),
];

/** Words that start an option of a rule or a policy. */
export const optionWords: readonly Word[] = [
  ...(['applies', 'ipv4', 'ipv6', 'stateless', 'strict', 'disabled', 'staged', 'log', 'window', 'until'] as const),
  ...(['reason', 'owner', 'ticket', 'directions', 'priority', 'sequence', 'originally', 'opaque'] as const),
];

/** The units of tokens that are not words of the language. Marks of several characters have a unit of their own. */
export const units = {
  name: 'n',
  property: 'p',
  quoted: 'q',
  number: 'd',
  range: 'r',
  address: 'a',
  time: 't',
  offset: 'o',
  end: ';',
  arrow: '\u2192',
  both: '\u2194',
  equal: '\u2261',
  differs: '\u2260',
  atMost: '\u2264',
} as const;

/** The unit of each word. */
export const wordUnits: ReadonlyMap<string, string> = new Map([
  ...reservedWords.map((word, i) => [word, String.fromCharCode(0xe000 + i)] as const),
  ...contextualWords.map((word, i) => [word, String.fromCharCode(0xe100 + i)] as const),
  ...propertyOnlyWords.map((word) => [word, units.property] as const),
]);

/** The unit of a word of the language. */
export function unitOf(word: Word): string {
  return wordUnits.get(word) ?? '';
}

const reserved: ReadonlySet<string> = new Set(reservedWords);

/** Whether a name in a peer or a service must be quoted because it is a word of the language. */
export function isReserved(text: string): boolean {
  return reserved.has(text);
}

// What goes on with the line above when it starts a line.
const continuations: ReadonlySet<string> = new Set<Word>([
  ...(['and', 'or', 'except', 'where', 'on', 'by'] as const),
  ...optionWords,
]);

/** Whether a line that starts with this word goes on with the line above. */
export function isContinuation(text: string): boolean {
  return continuations.has(text);
}

const wordOperators: ReadonlySet<string> = new Set<Word>(['and', 'or', 'not', 'except', 'where']);

/** Whether a line that ends with this word goes on in the next. */
export function isWordOperator(text: string): boolean {
  return wordOperators.has(text);
}
