// Decides a question to a service address: each backend and target port in its place (semantics §12).
// Allowed if every backend allows, `drop: no endpoints` if there is none, unknown if they differ.

import { hasBit, membersOf } from '../base/bitset.ts';
import type { Node } from '../graph/universe.ts';
import type { Question } from '../model/question.ts';
import type { ServiceAddress, ServicePortMap } from '../model/world.ts';
import { SCTP, TCP, UDP } from '../net/protocols.ts';
import type { decideNodes as DecideNodes, Decision } from './decide.ts';
import type { Evaluator } from './evaluator.ts';

const protocolNumbers = { tcp: TCP, udp: UDP, sctp: SCTP } as const;

/** `decideNodes` is handed in: it is the same decision, asked for one backend. */
export function decideService(
  evaluator: Evaluator,
  sources: readonly number[],
  layer: number,
  service: ServiceAddress,
  question: Question,
  decideNodes: typeof DecideNodes,
): Decision {
  const { universe, membership } = evaluator;
  const backends = membership.evaluate(layer, service.backends);
  const endpoints = new Map<number, number[]>();
  for (const node of membersOf(backends.possible)) {
    const item = universe.nodes[node] as Node;
    // Hosts and addresses outside answer for services, too; each outside is one by itself.
    const endpoint = item.kind === 'external' ? -1 - node : item.endpoint;
    endpoints.set(endpoint, [...(endpoints.get(endpoint) ?? []), node]);
  }
  const answers: Decision[] = [];
  let hasCertain = false;
  for (const map of service.ports) {
    if (protocolNumbers[map.protocol] !== question.service.protocol) continue;
    if (question.service.a !== null && question.service.a !== map.port) continue;
    for (const [endpoint, nodes] of endpoints) {
      for (const target of targetPorts(evaluator, endpoint, map)) {
        hasCertain ||= nodes.some((node) => hasBit(backends.sure, node));
        answers.push(decideNodes(evaluator, sources, nodes, question.family, { ...question.service, a: target }));
      }
    }
  }
  const first = answers[0];
  if (first === undefined) return { verdict: 'drop', reason: 'no endpoints', points: [], reply: null, trace: null };
  // A doubtful backend changes nothing where it agrees with the certain ones; without any, there may be no endpoint.
  const other = answers.find((answer) => answer.verdict !== first.verdict);
  if (!hasCertain && (other !== undefined || first.verdict !== 'drop'))
    return { ...first, verdict: 'unknown', reason: 'it is not certain which workloads are its backends', reply: null };
  if (other === undefined)
    return answers.some((answer) => answer.reply !== first.reply) ? { ...first, reply: 'depends' } : first;
  const shown = answers.find((answer) => answer.verdict !== 'allow') ?? first;
  return { ...shown, verdict: 'unknown', reason: 'backends differ', reply: null };
}

/** A named target is resolved at the backend; one that does not have the name is no endpoint of that port. */
function targetPorts(evaluator: Evaluator, endpoint: number, map: ServicePortMap): readonly number[] {
  if (typeof map.target === 'number') return [map.target];
  const item = evaluator.universe.world.endpoints[endpoint];
  if (item?.kind !== 'workload') return [];
  const named = [...item.views.values()]
    .flatMap((view) => view.ports)
    .filter((port) => port.name === map.target && port.protocol === map.protocol);
  return [...new Set(named.map((port) => port.port))];
}
