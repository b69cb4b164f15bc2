// Finds selectors of policies that select no pod of what was loaded, and says which label is to blame and which value
// is near. Pure: over the selectors that were read, the pods and the namespaces.
import { nearest } from '../../../base/suggest.ts';
import type { Labels } from '../../../model/workload.ts';
import type { Namespace } from '../../../model/world.ts';
import { type Diagnostic, note, warning } from '../../../text/diagnostic.ts';
import { keySpanOf, spanOf } from '../read/cursor.ts';
import { describeRequirement, type Requirement, type Selector, satisfies } from '../read/selectors.ts';
import type { NamespaceTerm, SelectorUse } from './context.ts';

export interface LabelledPod {
  readonly namespace: string | null;
  readonly labels: Labels;
}

/** A warning for each selector that selects nobody; a note where the whole namespace is not among what was loaded. */
export function findDeadSelectors(
  uses: readonly SelectorUse[],
  pods: readonly LabelledPod[],
  hostPods: readonly LabelledPod[],
  namespaces: readonly Namespace[],
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const index = new PodIndex(pods);
  const onHosts = new PodIndex(hostPods);
  const known = new Map<string, boolean>();
  for (const use of uses) {
    const key = keyOf(use);
    const isAlive = known.get(key) ?? hasPods(use, index, namespaces);
    known.set(key, isAlive);
    if (!isAlive) found.push(describe(use, index, hasPods(use, onHosts, namespaces), namespaces));
  }
  return found;
}

/** Pods by namespace, and the labels of each namespace's pods, each tuple of labels once. */
class PodIndex {
  readonly #byNamespace = new Map<string, Map<string, Labels>>();

  constructor(pods: readonly LabelledPod[]) {
    for (const { namespace, labels } of pods) {
      const own = this.#byNamespace.get(namespace ?? '') ?? new Map<string, Labels>();
      this.#byNamespace.set(namespace ?? '', own);
      own.set(JSON.stringify([...labels]), labels);
    }
  }

  labelsIn(namespaces: readonly string[]): readonly Labels[] {
    return namespaces.flatMap((name) => [...(this.#byNamespace.get(name)?.values() ?? [])]);
  }

  /** Whether the namespace has a pod that satisfies all requirements. */
  has(namespace: string, requirements: readonly Requirement[]): boolean {
    for (const labels of this.#byNamespace.get(namespace)?.values() ?? []) {
      if (requirements.every((requirement) => satisfies(labels, requirement))) return true;
    }
    return false;
  }
}

function hasPods(use: SelectorUse, index: PodIndex, namespaces: readonly Namespace[]): boolean {
  return namesOf(use.namespaces, namespaces).some((name) => index.has(name, use.pods?.requirements ?? []));
}

function namesOf(term: NamespaceTerm, namespaces: readonly Namespace[]): readonly string[] {
  if ('own' in term) return [term.own];
  const { requirements } = term.selector;
  return namespaces.filter(({ labels }) => requirements.every((r) => satisfies(labels, r))).map(({ id }) => id);
}

/** Selectors that say the same need to be looked up only once. */
function keyOf({ namespaces, pods }: SelectorUse): string {
  const text = (selector: Selector): readonly string[] =>
    selector.requirements.map((r) => `${r.key} ${describeRequirement(r)}`);
  return JSON.stringify([
    'own' in namespaces ? namespaces.own : text(namespaces.selector),
    pods === null ? null : text(pods),
  ]);
}

function describe(use: SelectorUse, index: PodIndex, isOnHosts: boolean, namespaces: readonly Namespace[]): Diagnostic {
  const consequence = use.role === 'subject' ? 'the policy applies to no pod' : 'this part of the rule matches nobody';
  if (isOnHosts) {
    const cursor = use.pods?.cursor ?? ('selector' in use.namespaces ? use.namespaces.selector.cursor : null);
    const message = `only pods on the network of their node are selected: ${consequence}`;
    return warning('kubernetes/dead-selector', message, cursor === null ? null : spanOf(cursor), {
      help: 'such a pod has the address of its node, and no policy knows it by its labels',
    });
  }
  const names = namesOf(use.namespaces, namespaces);
  if (names.length === 0 && 'selector' in use.namespaces) {
    const { selector } = use.namespaces;
    const culprit = culpritOf(
      selector,
      namespaces.map(({ labels }) => labels),
    );
    return note(
      'kubernetes/dead-selector',
      `no loaded namespace has ${textOf(culprit, selector)}: ${consequence}`,
      spanOf(culprit?.cursor ?? selector.cursor),
      {
        help: suggestionFor(
          culprit,
          namespaces.map(({ labels }) => labels),
        ),
      },
    );
  }
  const inside = index.labelsIn(names);
  const place = names.length === 1 ? `namespace \`${names[0]}\`` : 'the selected namespaces';
  if (use.pods === null || use.pods.requirements.length === 0) {
    const cursor = use.pods?.cursor ?? ('selector' in use.namespaces ? use.namespaces.selector.cursor : null);
    return warning(
      'kubernetes/dead-selector',
      `${place} ${names.length === 1 ? 'has' : 'have'} no pods: ${consequence}`,
      cursor === null ? null : keySpanOf(cursor),
    );
  }
  const culprit = culpritOf(use.pods, inside);
  return warning(
    'kubernetes/dead-selector',
    `no pod of ${place} has ${textOf(culprit, use.pods)}: ${consequence}`,
    spanOf(culprit?.cursor ?? use.pods.cursor),
    { help: suggestionFor(culprit, inside) },
  );
}

/** The first requirement that nothing satisfies; null if it is only all together that nothing does. */
function culpritOf(selector: Selector, candidates: readonly Labels[]): Requirement | null {
  return (
    selector.requirements.find((requirement) => !candidates.some((labels) => satisfies(labels, requirement))) ?? null
  );
}

function textOf(culprit: Requirement | null, selector: Selector): string {
  if (culprit !== null) return `\`${describeRequirement(culprit)}\``;
  return selector.requirements.map((requirement) => `\`${describeRequirement(requirement)}\``).join(' and ');
}

/** A value that the key does have, or a key that there is. */
function suggestionFor(culprit: Requirement | null, candidates: readonly Labels[]): string | null {
  if (culprit === null) return null;
  const { key } = culprit;
  const keys = new Set(candidates.flatMap((labels) => [...labels.keys()]));
  if (!keys.has(key)) {
    const meant = nearest(key, keys);
    return meant === null ? null : `is the label \`${meant}\` meant?`;
  }
  const values = new Set(candidates.flatMap((labels) => labels.get(key) ?? []));
  for (const value of culprit.values) {
    const meant = nearest(value, values);
    if (meant !== null) return `is \`${key}: ${meant}\` meant?`;
  }
  return null;
}
