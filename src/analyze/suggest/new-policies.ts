// A policy of its own for the flow: what is left where no policy holds at a point that denies, and where manifests have
// none that is only about the pod.
import type { Snapshot } from '../../engine/pipeline.ts';
import { decide, type PointDecision } from '../../evaluate/decide.ts';
import { servicesOf } from '../../evaluate/services-of.ts';
import type { Layer } from '../../model/layer.ts';
import { anyPeer, type Condition, type Peer } from '../../model/peer.ts';
import { noOptions, type Policy, type Rule } from '../../model/policy.ts';
import type { EndpointRef, Question } from '../../model/question.ts';
import { singleAddress } from '../../net/address-set.ts';
import { entryLines, indent, scalar, selectorLines, tellingLabels, workloadOf } from './manifests.ts';
import { allowsOnly, placesAt } from './places.ts';
import type { PolicyEdit } from './suggestion.ts';
import { type Candidate, compile } from './trial.ts';
import { describeEnd, describeService, quoted, ruleName } from './words.ts';

/** One policy for each point that denies by default; null where that does not do. */
export function newPolicyCandidates(snapshot: Snapshot, question: Question): readonly Candidate[] {
  let [now, candidate]: [Snapshot, Candidate] = [snapshot, { edits: [], overrides: [], layers: snapshot.layers }];
  for (let step = 0; step < 2; step++) {
    const { verdict, points } = decide(now.evaluator, question);
    if (verdict === 'allow') break;
    const point = points.find((each) => each.verdict !== 'allow');
    const next = point === undefined ? null : addPolicy(now, question, point, points, candidate);
    const after = next === null ? null : compile(now, next.layers);
    if (next === null || after === null) return [];
    [now, candidate] = [after, next];
  }
  return candidate.edits.length === 0 ? [] : [candidate];
}

function addPolicy(
  { layers, ...snapshot }: Snapshot,
  question: Question,
  point: PointDecision,
  points: readonly PointDecision[],
  soFar: Candidate,
): Candidate | null {
  const index = layers.findIndex(({ name }) => name === point.layer);
  const layer = layers[index];
  if (layer === undefined || point.rule !== null) return null;
  const isManifest = allowsOnly(layer, point.tier);
  const isOpen =
    isManifest || (layer.kind === 'root' && placesAt({ layers, ...snapshot }, question, point, points).length === 0);
  const made = !isOpen ? null : isManifest ? networkPolicy(layer, question, point) : rootPolicy(layer, question, point);
  if (made === null) return null;
  const { policy, text } = made;
  const edit: PolicyEdit = {
    kind: 'policy',
    layer: layer.name,
    tier: policy.tier,
    policy: policy.id,
    text,
    language: isManifest ? 'yaml' : 'seg',
    statement: null,
    span: null,
  };
  const changed = layers.with(index, { ...layer, policies: [...layer.policies, policy] });
  return { ...soFar, edits: [...soFar.edits, edit], layers: changed };
}

interface Made {
  readonly policy: Policy;
  readonly text: string;
}

function networkPolicy(layer: Layer, question: Question, point: PointDecision): Made | null {
  const pod = workloadOf(layer, point.workload);
  const entry = entryLines(layer, point.direction, question);
  const other = peerOf(layer, point.direction === 'in' ? question.source : question.destination);
  if (pod?.namespace == null || entry === null || other === null) return null;
  const name = freeName(layer, `${pod.namespace}/`, nameOf(question));
  const [type, list] = point.direction === 'in' ? ['Ingress', 'ingress'] : ['Egress', 'egress'];
  const text = [
    'apiVersion: networking.k8s.io/v1',
    'kind: NetworkPolicy',
    'metadata:',
    `  name: ${scalar(name)}`,
    `  namespace: ${scalar(pod.namespace)}`,
    'spec:',
    ...indent(selectorLines(tellingLabels(layer, pod)), 2),
    `  policyTypes: [${type}]`,
    `  ${list}:`,
    ...indent(entry, 4),
  ].join('\n');
  const id = `${pod.namespace}/${name}`;
  const rule = makeRule(
    `${id}.${list}-1`,
    `${list}-1`,
    question,
    point,
    point.direction === 'in' ? [other, anyPeer] : [anyPeer, other],
  );
  const appliesTo = peerOf(layer, { kind: 'workload', id: pod.id, interface: null });
  const policy = makePolicy({
    id,
    name,
    tier: point.tier,
    priority: 0,
    appliesTo,
    directions: [point.direction],
    rule,
  });
  return { policy, text };
}

function rootPolicy(layer: Layer, question: Question, point: PointDecision): Made | null {
  const [from, to] = [peerOf(layer, question.source), peerOf(layer, question.destination)];
  const words = [describeEnd(question.source), describeEnd(question.destination)];
  if (from === null || to === null || words.includes(null)) return null;
  const name = freeName(layer, '', nameOf(question));
  const others = layer.policies.filter(({ tier }) => tier === point.tier).map(({ priority }) => priority);
  const priority = others.length === 0 ? 100 : Math.max(...others) + 10;
  const scope: EndpointRef = { kind: 'workload', id: point.workload, interface: null };
  const text = [
    `policy ${quoted(name)} in ${quoted(point.tier)} priority ${priority} applies to workload ${quoted(point.workload)} {`,
    `  allow ${point.direction} flow: ${words.join(' -> ')} on ${describeService(question.service)}`,
    '}',
  ].join('\n');
  const rule = makeRule(`${name}.flow`, 'flow', question, point, [from, to]);
  const appliesTo = peerOf({ ...layer, kind: 'root' }, scope);
  return {
    policy: makePolicy({ id: name, name, tier: point.tier, priority, appliesTo, directions: null, rule }),
    text,
  };
}

type PolicyParts = Pick<Policy, 'id' | 'name' | 'tier' | 'priority' | 'appliesTo' | 'directions'> & {
  readonly rule: Rule;
};

function makePolicy({ rule, ...parts }: PolicyParts): Policy {
  return { ...noOptions, ...parts, rules: [rule], doc: null, span: null };
}

function makeRule(
  id: string,
  name: string,
  question: Question,
  { direction }: PointDecision,
  [source, destination]: readonly [Peer, Peer],
): Rule {
  const service = { set: servicesOf(question.service), named: [], opaque: null, text: null };
  return {
    ...noOptions,
    ...{ id, name, action: 'allow', passTo: null, direction, source, destination, service },
    ...{ originalAction: null, sequence: null, opaque: null, doc: null, span: null },
  };
}

/** The end in the terms of the layer: manifests know pods by labels. */
function peerOf(layer: Layer, ref: EndpointRef): Peer | null {
  switch (ref.kind) {
    case 'address':
      return { kind: 'addresses', addresses: singleAddress(ref.address), name: null, span: null };
    case 'host':
      return layer.kind === 'root' ? { kind: 'host', host: ref.id, span: null } : null;
    case 'service-address':
      return null;
    case 'workload': {
      if (layer.kind === 'root') return { kind: 'workload', workload: ref.id, interface: ref.interface, span: null };
      const workload = workloadOf(layer, ref.id);
      if (workload?.namespace == null) return null;
      const of: readonly Condition[] = [
        { op: 'field', field: 'namespace', test: { op: 'equals', value: workload.namespace } },
        ...tellingLabels(layer, workload).map(
          ([key, value]): Condition => ({ op: 'label', key, test: { op: 'equals', value } }),
        ),
      ];
      return { kind: 'select', kinds: null, where: { op: 'and', of }, span: null };
    }
  }
}

function nameOf({ source, destination }: Question): string {
  return ruleName(source, destination, new Set()).toLowerCase().replaceAll('_', '-');
}

function freeName({ policies }: Layer, prefix: string, base: string): string {
  const taken = new Set(policies.map(({ id }) => id));
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}-${i}`;
    if (!taken.has(prefix + name)) return name;
  }
}
