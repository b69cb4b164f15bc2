// Turns services as written into exact sets, named ports that the destination resolves, and the part that is a maybe.
// Numbers out of range, unknown names, and exceptions that cannot be taken away exactly are reported.

import { didYouMean } from '../../base/bounded-suggest.ts';
import type { NamedPortMatch, ServiceMatch } from '../../model/service.ts';
import { fromPairs, type Intervals } from '../../net/intervals.ts';
import { icmpTypeByName, icmpTypeNames, PROTOCOL_NAMES, protocolByName } from '../../net/protocols.ts';
import {
  ALL_BYTES,
  ALL_PORTS,
  ALL_SERVICES,
  icmp,
  isNoServices,
  NO_SERVICES,
  ports,
  protocolNumbers,
  subtractServices,
  unionServices,
} from '../../net/services.ts';
import type { Name, RangeNode, ServiceNode } from '../../syntax/tree.ts';
import { error, warning } from '../../text/diagnostic.ts';
import { resolveService } from '../names/resolve.ts';
import type { Scope } from '../names/scope.ts';
import { reportEmpty } from './addresses.ts';
import { serviceText } from './service-text.ts';

/** A node of one kind. */
type Node<Kind extends ServiceNode['kind']> = Extract<ServiceNode, { readonly kind: Kind }>;

const EVERYTHING: ServiceMatch = { set: ALL_SERVICES, named: [], opaque: null, text: null };
const NOTHING: ServiceMatch = { set: NO_SERVICES, named: [], opaque: null, text: null };

/** What a rule says after `on`; null stands for every service. Matches nothing after a report. */
export function bindService(node: ServiceNode | null, scope: Scope): ServiceMatch {
  if (node === null) return EVERYTHING;
  const match = bind(node, scope);
  if (match === null) return NOTHING;
  if (isNoServices(match.set) && match.named.length === 0) reportEmpty('this service', node.span, scope);
  return { ...match, text: serviceText(node) };
}

/** What a `service` statement declares, or null after a report. */
export function bindServiceDefinition(node: ServiceNode, scope: Scope): ServiceMatch | null {
  const match = bind(node, scope);
  if (match !== null && isNoServices(match.set) && match.named.length === 0)
    reportEmpty('this service', node.span, scope);
  return match;
}

function bind(node: ServiceNode, scope: Scope): ServiceMatch | null {
  switch (node.kind) {
    case 'any':
      return EVERYTHING;
    case 'reference': {
      const found = resolveService(node.path, scope);
      return found === null ? null : (scope.root.values.services.get(found.id) ?? null);
    }
    case 'ports':
      return bindPorts(node, scope);
    case 'icmp':
      return bindIcmp(node, scope);
    case 'protocol':
      return bindProtocol(node, scope);
    case 'named-port':
      return { ...NOTHING, named: [{ name: node.name.text, protocol: null, sourcePorts: null }] };
    case 'opaque': {
      const of = bind(node.of, scope);
      return of === null ? null : { ...of, opaque: joinReasons(of.opaque, node.reason.text) };
    }
    case 'list':
      return bindList(node, scope);
    case 'except':
      return bindExcept(node, scope);
  }
}

function bindPorts(node: Node<'ports'>, scope: Scope): ServiceMatch | null {
  const ranges = node.ports.filter((port): port is RangeNode => !('text' in port));
  const names = node.ports.filter((port) => 'text' in port);
  const destination = node.ports.length === 0 ? ALL_PORTS : bindRanges(ranges, 65535, 'a port', scope);
  const source = node.from.length === 0 ? ALL_PORTS : bindRanges(node.from, 65535, 'a port', scope);
  if (destination === null || source === null) return null;
  const named = names.map(
    (name): NamedPortMatch => ({
      name: name.text,
      protocol: node.protocol,
      sourcePorts: node.from.length === 0 ? null : source,
    }),
  );
  return { ...NOTHING, set: ports(node.protocol, destination, source), named };
}

function bindIcmp(node: Node<'icmp'>, scope: Scope): ServiceMatch | null {
  const types = node.type === null ? ALL_BYTES : bindIcmpType(node.type, node.family, scope);
  const codes = node.code === null ? ALL_BYTES : bindRanges([node.code], 255, 'an ICMP code', scope);
  return types === null || codes === null ? null : { ...NOTHING, set: icmp(node.family, types, codes) };
}

function bindIcmpType(type: RangeNode | Name, family: 4 | 6, scope: Scope): Intervals | null {
  if (!('text' in type)) return bindRanges([type], 255, 'an ICMP type', scope);
  const number = icmpTypeByName(family, type.text);
  if (number !== undefined) return fromPairs([[number, number]]);
  const other = icmpTypeByName(family === 4 ? 6 : 4, type.text);
  scope.report(
    error('check/unknown-protocol', `there is no ICMP${family === 4 ? '' : 'v6'} message \`${type.text}\``, type.span, {
      help:
        other === undefined
          ? (didYouMean(scope.root.suggest(type.text, icmpTypeNames(family))) ?? 'its number can be written instead')
          : `it is a message of ICMP${family === 4 ? 'v6: `icmp6/' : ': `icmp/'}${type.text}\``,
    }),
  );
  return null;
}

function bindProtocol(node: Node<'protocol'>, scope: Scope): ServiceMatch | null {
  if (!('text' in node.number)) {
    const numbers = bindRanges([node.number], 255, 'a protocol number', scope);
    return numbers === null ? null : { ...NOTHING, set: protocolNumbers(numbers) };
  }
  const { text, span } = node.number;
  const number = protocolByName(text);
  if (number !== undefined) return { ...NOTHING, set: protocolNumbers(fromPairs([[number, number]])) };
  scope.report(
    error('check/unknown-protocol', `there is no protocol \`${text}\``, span, {
      help:
        didYouMean(scope.root.suggest(text, PROTOCOL_NAMES)) ?? 'its number can be written instead, such as `proto/47`',
    }),
  );
  return null;
}

function bindRanges(ranges: readonly RangeNode[], last: number, what: string, scope: Scope): Intervals | null {
  const pairs: [number, number][] = [];
  for (const { from, to, span } of ranges) {
    if (from <= to && to <= last) pairs.push([from, to]);
    else {
      const help = from > to ? `write \`${to}-${from}\`` : null;
      const message = from > to ? 'this range ends before it begins' : `${what} is at most ${last}`;
      scope.report(error('check/invalid-number', message, span, { help }));
    }
  }
  return pairs.length < ranges.length ? null : fromPairs(pairs);
}

function bindList(node: Node<'list'>, scope: Scope): ServiceMatch | null {
  const parts = node.of.map((part) => bind(part, scope));
  if (parts.includes(null)) return null;
  const matches = parts as ServiceMatch[];
  const certain = matches.find((match) => match.opaque === null);
  const opaque = matches.findIndex((match) => match.opaque !== null);
  const place = node.of[opaque];
  if (certain !== undefined && place !== undefined) {
    scope.report(
      warning(
        'check/opaque-spreads',
        'because this part is known only in part, a match of the whole list is',
        place.span,
        {
          help: 'put it into a rule of its own, so that the other services stay certain',
        },
      ),
    );
  }
  return unite(matches);
}

/** Halves first: folding long lists one by one would be quadratic. */
function unite(matches: readonly ServiceMatch[]): ServiceMatch {
  const [first = NOTHING, second] = matches;
  if (second === undefined) return first;
  const middle = matches.length >> 1;
  const a = unite(matches.slice(0, middle));
  const b = unite(matches.slice(middle));
  return {
    set: unionServices(a.set, b.set),
    named: [...a.named, ...b.named],
    opaque: a.opaque === null ? b.opaque : b.opaque === null ? a.opaque : joinReasons(a.opaque, b.opaque),
    text: null,
  };
}

function bindExcept(node: Node<'except'>, scope: Scope): ServiceMatch | null {
  const of = bind(node.of, scope);
  const except = bind(node.except, scope);
  if (of === null || except === null) return null;
  const inexact =
    except.named.length > 0
      ? 'a named port means another number at each destination'
      : except.opaque !== null
        ? 'this part is known only in part'
        : of.named.length > 0
          ? 'a named port may stand for what is taken away'
          : null;
  if (inexact !== null) {
    const place = except.named.length > 0 || except.opaque !== null ? node.except : node.of;
    scope.report(
      error('check/inexact-except', `\`except\` cannot be exact here: ${inexact}`, place.span, {
        help: 'write the numbers, or a rule before this one',
      }),
    );
    return null;
  }
  return { ...of, set: subtractServices(of.set, except.set), text: null };
}

function joinReasons(a: string | null, b: string): string {
  return a === null || a === b ? b : `${a}; ${b}`;
}
