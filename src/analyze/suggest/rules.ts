// Rules that would allow, or block, a flow. To allow it takes one at each point that denies it, to block it takes one at
// any point. First for exactly these ends, then for the smallest groups that have them.
import type { Snapshot } from '../../engine/pipeline.ts';
import { decide, type PointDecision } from '../../evaluate/decide.ts';
import type { Layer } from '../../model/layer.ts';
import type { Question } from '../../model/question.ts';
import { parseChangeText } from '../../syntax/parse.ts';
import { printChangeText } from '../../syntax/print.ts';
import { makeSource } from '../../text/source.ts';
import { clusterEntry, clusterPeer } from './manifests.ts';
import { allowsOnly, type Place, placesAt } from './places.ts';
import type { RemovalEdit, RuleEdit, Wanted } from './suggestion.ts';
import { type Candidate, change, compile, isAsWanted } from './trial.ts';
import { describeEnd, describeService, groupNames, quoted, ruleName } from './words.ts';

/** More rules than these are never needed for one flow: both ends, in a layer or two. */
const MOST_STEPS = 4;
const MOST_PLACES = 3;
/** Where every trial is dear, only the first place is tried. */
const MANY_NODES = 4000;

export function ruleCandidates(snapshot: Snapshot, question: Question, wanted: Wanted): readonly Candidate[] {
  const ends = [describeEnd(question.source), describeEnd(question.destination)] as const;
  if (ends[0] === null || ends[1] === null) return [];
  const found: Candidate[] = [];
  const kinds = snapshot.evaluator.universe.nodes.length > MANY_NODES ? EXACT : WIDTHS;
  for (const [source, destination] of kinds) {
    search(
      snapshot,
      { edits: [], overrides: [], layers: snapshot.layers },
      { question, wanted, source, destination },
      found,
    );
  }
  return [...found, ...(wanted === 'deny' ? removals(snapshot, question) : [])];
}

type Width = 'exact' | 'group';
const WIDTHS: readonly (readonly [Width, Width])[] = [
  ['exact', 'exact'],
  ['exact', 'group'],
  ['group', 'exact'],
  ['group', 'group'],
];
const EXACT: typeof WIDTHS = [['exact', 'exact']];

interface Asked {
  readonly question: Question;
  readonly wanted: Wanted;
  readonly source: Width;
  readonly destination: Width;
}

/** One rule after the other, each at a point that is still in the way. */
function search(snapshot: Snapshot, soFar: Candidate, asked: Asked, found: Candidate[]): void {
  const { verdict, points } = decide(snapshot.evaluator, asked.question);
  if (isAsWanted(verdict, asked.wanted)) {
    if (soFar.edits.length > 0) found.push(soFar);
    return;
  }
  if (soFar.edits.length === MOST_STEPS) return;
  const inTheWay =
    asked.wanted === 'deny'
      ? points.filter(({ verdict: own }) => own !== 'drop' && own !== 'reject').toReversed()
      : points.filter((point) => point.verdict !== 'allow').slice(0, 1);
  const most = snapshot.evaluator.universe.nodes.length > MANY_NODES || soFar.edits.length > 0 ? 1 : MOST_PLACES;
  for (const point of inTheWay) {
    for (const place of placesAt(snapshot, asked.question, point, points).slice(0, most)) {
      const next = addRule(snapshot, place, point, asked);
      const after = next === null ? null : compile(snapshot, next.layers);
      if (next === null || after === null) continue;
      const overrides = place.overrides === null ? soFar.overrides : [...soFar.overrides, place.overrides];
      search(after, { edits: [...soFar.edits, next.edit], overrides, layers: next.layers }, asked, found);
    }
  }
}

interface Added {
  readonly edit: RuleEdit;
  readonly layers: readonly Layer[];
}

/** The rule in its place; null: it cannot be said there. */
function addRule(snapshot: Snapshot, place: Place, point: PointDecision, asked: Asked): Added | null {
  const { layers } = snapshot;
  const layer = layers[place.layer] as Layer;
  const { policy, before, direction } = place;
  const isManifest = allowsOnly(layer, policy.tier);
  if (isManifest && asked.wanted === 'deny') return null;
  for (const [from, to] of isManifest ? manifestEnds(layer, point, asked) : rootEnds(snapshot, place, asked)) {
    const { source, destination, service } = asked.question;
    const name = ruleName(source, destination, new Set(policy.rules.map((rule) => rule.name)));
    const action = asked.wanted === 'allow' ? 'allow' : 'drop';
    const position = before === null ? (isManifest ? '' : ' last') : ` before ${quoted(before.name)}`;
    const rule = `${action} ${direction === null ? '' : `${direction} `}${name}: ${from} -> ${to} on ${describeService(service)}`;
    const { node } = parseChangeText(makeSource('suggestion', `add to ${policyPath(policy.id)}${position}: ${rule}`));
    if (node?.kind !== 'add') continue;
    const statement = printChangeText(node);
    const changed = change(layers, statement);
    if (changed === null) continue;
    const text = isManifest ? clusterEntry(layer, point.direction, asked.question) : ruleText(statement);
    if (text === null) continue;
    const edit: RuleEdit = {
      kind: 'rule',
      layer: layer.name,
      tier: policy.tier,
      policy: policy.id,
      before: before?.id ?? null,
      text,
      language: isManifest ? 'yaml' : 'seg',
      statement,
      span: before?.span ?? policy.span,
    };
    return { edit, layers: changed };
  }
  return null;
}

/** `add to` names a policy by its path: module, slash, name. */
export function policyPath(id: string): string {
  const slash = id.lastIndexOf('/');
  const dotted = (text: string): string => text.split('.').map(quoted).join('.');
  return slash <= 0 ? dotted(id) : `${dotted(id.slice(0, slash))}/${dotted(id.slice(slash + 1))}`;
}

/** What stands after the colon of the statement, outside quotes. */
function ruleText(statement: string): string {
  let isQuoted = false;
  for (let i = 0; i < statement.length; i++) {
    const unit = statement.charAt(i);
    if (unit === '"' && statement.charAt(i - 1) !== '\\') isQuoted = !isQuoted;
    else if (unit === ':' && !isQuoted) return statement.slice(i + 1).trim();
  }
  return statement;
}

/** Both ends in words, in every spelling that may be understood, the shortest first. */
function rootEnds(snapshot: Snapshot, place: Place, asked: Asked): readonly (readonly [string, string])[] {
  const layer = snapshot.layers[place.layer] as Layer;
  const namesOf = (role: 'source' | 'destination'): readonly string[] => {
    const ref = asked.question[role];
    const exact = describeEnd(ref);
    if (asked[role] === 'exact') return exact === null ? [] : [exact];
    return groupNames(snapshot, layer, place.layer, ref);
  };
  const destinations = namesOf('destination');
  return namesOf('source').flatMap((from) => destinations.map((to) => [from, to] as const));
}

/** An entry of a manifest names the other end, by labels; this end is whoever the policy selects. */
function manifestEnds(layer: Layer, point: PointDecision, asked: Asked): readonly (readonly [string, string])[] {
  if (asked.source !== 'exact' || asked.destination !== 'exact') return [];
  const peer = clusterPeer(layer, point.direction === 'in' ? asked.question.source : asked.question.destination);
  if (peer === null) return [];
  return [point.direction === 'in' ? [peer.text, 'any'] : ['any', peer.text]];
}

/** What blocks a flow as well: the rule that allows it goes. */
function removals(snapshot: Snapshot, question: Question): readonly Candidate[] {
  const rules = new Set<string>();
  return decide(snapshot.evaluator, question).points.flatMap((point) => {
    if (point.rule === null || point.policy === null || rules.has(point.rule)) return [];
    rules.add(point.rule);
    const layer = snapshot.layers.find(({ name }) => name === point.layer);
    const policy = layer?.policies.find(({ id }) => id === point.policy);
    const rule = policy?.rules.find(({ id }) => id === point.rule);
    if (policy === undefined || rule === undefined) return [];
    const statement = `remove rule ${policyPath(policy.id)}.${quoted(rule.name)}`;
    const layers = change(snapshot.layers, statement);
    if (layers === null) return [];
    const edit: RemovalEdit = {
      kind: 'removal',
      layer: point.layer,
      policy: policy.id,
      rule: rule.id,
      statement,
      span: rule.span,
    };
    return [{ edits: [edit], overrides: [], layers }];
  });
}
