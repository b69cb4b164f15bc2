// One service as text → the set: `tcp/443`, `tcp/80,443`, `udp/1024-65535`, `icmp/8/0`, `icmp6`, `proto/47`, `any`.
// For documents in which a service is one plain word. The policy language has more and its own grammar.

import type { Refusal } from './address.ts';
import { quote } from './address.ts';
import { fromPairs, type Intervals, single } from './intervals.ts';
import { ALL_SERVICES, icmp, ports, protocolNumber, type ServiceSet } from './services.ts';

/** The set, or why the text is none. */
export function parseServiceText(text: string): ServiceSet | Refusal {
  const [word = '', first, second, more] = text.split('/');
  const refuse = (): Refusal => ({
    problem: `${quote(text)} is not a service`,
    help: 'for example `tcp/443`, `udp/53`, `icmp/8`, `proto/47` or `any`',
  });
  if (more !== undefined) return refuse();
  switch (word) {
    case 'any':
      return first === undefined ? ALL_SERVICES : refuse();
    case 'tcp':
    case 'udp':
    case 'sctp': {
      if (second !== undefined) return refuse();
      const wanted = first === undefined ? single(0, 65535) : parseNumbers(first, 65535);
      return wanted === null ? refuse() : ports(word, wanted);
    }
    case 'icmp':
    case 'icmp6': {
      const types = first === undefined ? single(0, 255) : parseNumbers(first, 255);
      const codes = second === undefined ? single(0, 255) : parseNumbers(second, 255);
      return types === null || codes === null ? refuse() : icmp(word === 'icmp' ? 4 : 6, types, codes);
    }
    case 'proto': {
      const number = first !== undefined && second === undefined && /^[0-9]{1,3}$/.test(first) ? Number(first) : 256;
      return number > 255 ? refuse() : protocolNumber(number);
    }
    default:
      return refuse();
  }
}

/** `80,443,8000-8099`; null if it is anything else. */
function parseNumbers(text: string, most: number): Intervals | null {
  const pairs: (readonly [number, number])[] = [];
  for (const part of text.split(',')) {
    const match = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/.exec(part);
    if (match === null) return null;
    const lo = Number(match[1]);
    const hi = Number(match[2] ?? match[1]);
    if (lo > hi || hi > most) return null;
    pairs.push([lo, hi]);
  }
  return fromPairs(pairs);
}
