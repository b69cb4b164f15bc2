// Turns what a request asks about a flow into a question to the evaluator, and refuses what has no meaning: unknown
// names, groups where one endpoint is needed, ports of a protocol that has none.

import type { DecisionQuestion } from '../../api/decision.ts';
import { parseEndpoint } from '../../bind/question/endpoint.ts';
import type { EndpointRef, Question, ServiceQuestion } from '../../model/question.ts';
import { ICMP, ICMP6, SCTP, TCP, UDP } from '../../net/protocols.ts';
import { makeSource } from '../../text/source.ts';
import { problem, rejected } from '../http/problem.ts';
import type { Served } from '../state/served.ts';

const NUMBERS = { tcp: TCP, udp: UDP, sctp: SCTP, icmp: ICMP, icmp6: ICMP6 } as const;

/** Throws a problem (422) for what cannot be asked. */
export function makeQuestion(served: Served, asked: DecisionQuestion): Question {
  return {
    source: endpointOf(served, 'source', asked.source),
    destination: endpointOf(served, 'destination', asked.destination),
    family: asked.ip ?? null,
    service: serviceOf(asked),
  };
}

/** One endpoint by its text, in the names of what is served. */
export function endpointOf({ names }: Served, field: string, text: string): EndpointRef {
  const source = makeSource(field, text);
  const { endpoint, diagnostics } = parseEndpoint(source, names);
  if (endpoint === null) {
    throw rejected(`\`${field}\` names nothing that is known`, diagnostics, new Map([[field, source]]), {
      code: 'unknown-endpoint',
    });
  }
  if (endpoint.kind !== 'one') {
    throw problem(422, 'not-one-endpoint', `\`${field}\` is a group, and a decision is about one endpoint`, {
      help: 'ask `/v1/why` about groups, or name a workload, a host or an address',
    });
  }
  return endpoint.ref;
}

function serviceOf(asked: DecisionQuestion): ServiceQuestion {
  const { protocol: given, destinationPort, sourcePort, icmpType, icmpCode } = asked;
  const protocol = typeof given === 'number' ? given : NUMBERS[given];
  const isIcmp = protocol === ICMP || protocol === ICMP6;
  const hasPorts = protocol === TCP || protocol === UDP || protocol === SCTP;
  if (!hasPorts && (destinationPort !== undefined || sourcePort !== undefined)) {
    throw problem(422, 'no-ports', 'this protocol has no ports', {
      help: 'leave the ports out, or ask about tcp, udp or sctp',
    });
  }
  if (!isIcmp && (icmpType !== undefined || icmpCode !== undefined)) {
    throw problem(422, 'no-messages', 'only icmp and icmp6 have types and codes');
  }
  if (icmpCode !== undefined && icmpType === undefined) {
    throw problem(422, 'no-messages', 'a code without its type has no meaning', { help: 'give `icmpType` as well' });
  }
  return {
    protocol,
    a: (isIcmp ? icmpType : destinationPort) ?? null,
    b: (isIcmp ? icmpCode : sourcePort) ?? null,
  };
}
