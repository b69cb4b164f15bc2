// Makes witnesses of places, and puts them into words that `why` takes back.
import type { Snapshot } from '../../../engine/pipeline.ts';
import type { Universe } from '../../../graph/universe.ts';
import type { EndpointRef } from '../../../model/question.ts';
import { formatAddress } from '../../../net/address.ts';
import { SCTP, TCP, UDP } from '../../../net/protocols.ts';
import { isNoServices, NO_SERVICES, type ServiceSet } from '../../../net/services.ts';
import type { DiagnosticNote } from '../../../text/diagnostic.ts';
import { describeService } from '../../ci/service-words.ts';
import { rulesOf, unruled, witnessOf } from '../../reach/witness.ts';
import type { Place } from '../liveness/rule-facts.ts';
import type { Witness } from './finding.ts';

/** A flow of the place, decided. */
export function witnessAt({ snapshot, from, to, services }: Place): Witness {
  return witnessBetween(snapshot, from, to, services);
}

/** A flow of the services from node to node, which must not be none, decided. */
export function witnessBetween(snapshot: Snapshot, from: number, to: number, services: ServiceSet): Witness {
  const family = snapshot.evaluator.universe.nodes[from]?.family ?? 4;
  const foreign = family === 4 ? 'icmp6' : 'icmp';
  const own = { ...services, [foreign]: NO_SERVICES[foreign] };
  const witness = witnessOf(snapshot.evaluator, from, to, isNoServices(own) ? services : own);
  const { universe } = snapshot.evaluator;
  const { source, destination } = witness.question;
  const ends = { source: plainRef(universe, source), destination: plainRef(universe, destination) };
  return { ...witness, question: { ...witness.question, ...ends }, at: snapshot.at };
}

/** The only interface of a workload goes without saying. */
function plainRef({ world, workloadIndex }: Universe, ref: EndpointRef): EndpointRef {
  const endpoint = ref.kind === 'workload' ? world.endpoints[workloadIndex.get(ref.id) ?? -1] : undefined;
  const isOnly = endpoint?.kind === 'workload' && endpoint.interfaces.length === 1;
  return ref.kind === 'workload' && isOnly ? { ...ref, interface: null } : ref;
}

/** `web-01 -> 203.0.113.7 on tcp/443`. */
export function describeWitness(witness: Witness): string {
  const { source, destination, service } = flowWords(witness);
  return `${source} -> ${destination} on ${service}`;
}

export interface FlowWords {
  readonly source: string;
  readonly destination: string;
  readonly service: string;
}

/** The three words that `why` takes. */
export function flowWords({ question }: Witness): FlowWords {
  const { protocol, b } = question.service;
  // The usual source port says nothing; another one was asked for by a rule.
  const hasPorts = protocol === TCP || protocol === UDP || protocol === SCTP;
  const from = hasPorts && b !== 40000 ? ` from ${b}` : '';
  return {
    source: endWords(question.source),
    destination: endWords(question.destination),
    service: `${describeService(question.service)}${from}`,
  };
}

function endWords(ref: EndpointRef): string {
  switch (ref.kind) {
    case 'address':
      return formatAddress(ref.address);
    case 'workload':
      return ref.interface === null ? ref.id : `${ref.id}/${ref.interface}`;
    case 'host':
      return `host/${ref.id}`;
    case 'service-address':
      return `service-address/${ref.id}`;
  }
}

/** `for example … is dropped by \`x\``: what a person can ask `why` to see the finding for himself. */
export function showWitness(witness: Witness): DiagnosticNote {
  const { verdict } = witness.decision;
  const rules = rulesOf(witness.decision).map((rule) => `\`${rule}\``);
  const by = rules.length > 0 ? rules.join(', ') : (unruled(witness.decision) ?? 'no point');
  const what = { allow: 'allowed', drop: 'dropped', reject: 'rejected', unknown: 'unknown' }[verdict];
  return { message: `for example \`${describeWitness(witness)}\` is ${what} by ${by}`, span: null };
}
