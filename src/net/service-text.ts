// A service set in the words of the policy language: `tcp/1-99,443 from 1024-65535, icmp/8/0, proto/47`.
// What is written reads back as the same set. Names that an author gave to services are not known here.

import { type Area, toProducts } from './area.ts';
import { type Intervals, toPairs } from './intervals.ts';
import { ALL_BYTES, ALL_PORTS, complementServices, isAllServices, isNoServices, type ServiceSet } from './services.ts';

/** `nothing`, `any`, a list of services, or `any except …` where that is less than half as long. */
export function formatServices(set: ServiceSet): string {
  if (isNoServices(set)) return 'nothing';
  if (isAllServices(set)) return 'any';
  const listed = formatTerms(set).join(', ');
  const missing = formatTerms(complementServices(set));
  const except = `any except ${missing.length > 1 ? `(${missing.join(', ')})` : missing.join('')}`;
  return 2 * except.length < listed.length ? except : listed;
}

function formatTerms(set: ServiceSet): string[] {
  return [
    ...formatPorts('tcp', set.tcp),
    ...formatPorts('udp', set.udp),
    ...formatPorts('sctp', set.sctp),
    ...formatMessages('icmp', set.icmp),
    ...formatMessages('icmp6', set.icmp6),
    ...toPairs(set.other).map((pair) => `proto/${formatPair(pair)}`),
  ];
}

function formatPorts(protocol: string, area: Area): string[] {
  return toProducts(area).map(({ outer, inner }) => {
    const destination = isWhole(outer, ALL_PORTS) ? protocol : `${protocol}/${formatList(outer)}`;
    return isWhole(inner, ALL_PORTS) ? destination : `${destination} from ${formatList(inner)}`;
  });
}

/** One term for each range of types and range of codes: the language has no lists inside an ICMP service. */
function formatMessages(protocol: string, area: Area): string[] {
  return area.flatMap(({ lo, hi, inner }) => {
    const allTypes = lo === 0 && hi === 255;
    const allCodes = isWhole(inner, ALL_BYTES);
    if (allTypes && allCodes) return [protocol];
    const types = `${protocol}/${formatPair([lo, hi])}`;
    return allCodes ? [types] : toPairs(inner).map((codes) => `${types}/${formatPair(codes)}`);
  });
}

function isWhole(values: Intervals, whole: Intervals): boolean {
  return values.length === 2 && values[0] === whole[0] && values[1] === whole[1];
}

function formatList(values: Intervals): string {
  return toPairs(values).map(formatPair).join(',');
}

function formatPair([lo, hi]: readonly [number, number]): string {
  return lo === hi ? `${lo}` : `${lo}-${hi}`;
}
