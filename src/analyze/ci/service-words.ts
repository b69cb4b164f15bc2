// One service of a witness or a counterexample, as questions write it: `tcp/443`, `icmp/8/0`, `proto/47`. The source port
// stays out: one that was picked at will would only confuse.
import type { ServiceQuestion } from '../../model/question.ts';
import { ICMP, ICMP6, protocolName, SCTP, TCP, UDP } from '../../net/protocols.ts';

export function describeService({ protocol, a, b }: ServiceQuestion): string {
  const name = protocolName(protocol) ?? 'proto';
  switch (protocol) {
    case TCP:
    case UDP:
    case SCTP:
      return a === null ? name : `${name}/${a}`;
    case ICMP:
    case ICMP6:
      return a === null ? name : b === null ? `${name}/${a}` : `${name}/${a}/${b}`;
    default:
      return `proto/${protocol}`;
  }
}
