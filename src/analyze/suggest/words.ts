// Puts the ends and the service of a question into the words of the language: exactly, and by the smallest group that has
// the end.
import { countBits, hasBit } from '../../base/bitset.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import { resolveEndpoint } from '../../graph/resolve.ts';
import type { Layer } from '../../model/layer.ts';
import type { EndpointRef, ServiceQuestion } from '../../model/question.ts';
import { formatAddress } from '../../net/address.ts';
import { ICMP, ICMP6, SCTP, TCP, UDP } from '../../net/protocols.ts';
import { needsQuotes, quote } from '../../syntax/lexical/quote.ts';

export function quoted(name: string): string {
  return needsQuotes(name, 'name') ? quote(name) : name;
}

/** The end and nothing else; null: the language has no words for it. */
export function describeEnd(ref: EndpointRef): string | null {
  switch (ref.kind) {
    case 'workload':
      return `workload ${quoted(ref.id)}${ref.interface === null ? '' : `/${quoted(ref.interface)}`}`;
    case 'host':
      return `host ${quoted(ref.id)}`;
    case 'address':
      return `addresses ${formatAddress(ref.address)}`;
    case 'service-address':
      return null;
  }
}

const TRANSPORTS: ReadonlyMap<number, string> = new Map([
  [TCP, 'tcp'],
  [UDP, 'udp'],
  [SCTP, 'sctp'],
]);

export function describeService({ protocol, a, b }: ServiceQuestion): string {
  const transport = TRANSPORTS.get(protocol);
  if (transport !== undefined) {
    const own = a === null ? transport : `${transport}/${a}`;
    return b === null ? own : `${own} from ${b}`;
  }
  if (protocol !== ICMP && protocol !== ICMP6) return `proto/${protocol}`;
  const family = protocol === ICMP ? 'icmp' : 'icmp6';
  if (a === null) return family;
  return b === null ? `${family}/${a}` : `${family}/${a}/${b}`;
}

/** Names, shortest first, of the smallest group of the layer that has the whole end for certain; empty: none has. */
export function groupNames({ evaluator }: Snapshot, layer: Layer, index: number, ref: EndpointRef): readonly string[] {
  if (ref.kind !== 'workload' && ref.kind !== 'host') return [];
  const found = resolveEndpoint(evaluator.universe, ref);
  if (found.kind !== 'nodes') return [];
  const groups = [...layer.groups.values()].flatMap((group) => {
    const { sure } = evaluator.membership.evaluate(index, { kind: 'group', group: group.id, span: null });
    return found.nodes.every((node) => hasBit(sure, node)) ? [{ group, size: countBits(sure) }] : [];
  });
  const [smallest] = groups.sort((a, b) => a.size - b.size || (a.group.id < b.group.id ? -1 : 1));
  return smallest === undefined ? [] : [...new Set([smallest.group.name, smallest.group.id])];
}

/** A name for a rule between the two: `web-01-to-db-01`. */
export function ruleName(source: EndpointRef, destination: EndpointRef, taken: ReadonlySet<string>): string {
  const own = `${shortName(source)}-to-${shortName(destination)}`;
  const base = needsQuotes(own, 'name') ? 'suggested' : own;
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}-${i}`;
    if (!taken.has(name)) return name;
  }
}

function shortName(ref: EndpointRef): string {
  const text = ref.kind === 'address' ? `at-${formatAddress(ref.address)}` : ref.id.slice(ref.id.lastIndexOf('/') + 1);
  return text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
}
