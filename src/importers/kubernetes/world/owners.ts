// Who made a pod: follows `ownerReferences` up to the controller that a person wrote, such as a Deployment.
import type { Owner } from '../../../model/workload.ts';
import { at, isRecord } from '../read/cursor.ts';
import type { KubernetesObject, ObjectsByKind } from '../read/objects.ts';

export interface Ownership {
  /** The topmost controller; null for what nothing owns. */
  readonly owner: Owner | null;
  /** Every controller on the way that is among the objects. */
  readonly chain: readonly KubernetesObject[];
}

/** A chain of controllers is short; a longer one is a circle. */
const LONGEST_CHAIN = 8;

export function createOwnerFinder(objects: ObjectsByKind): (object: KubernetesObject) => Ownership {
  const byName = new Map<string, KubernetesObject>();
  for (const [kind, list] of objects) {
    for (const object of list) byName.set(`${kind}/${object.namespace}/${object.name}`, object);
  }
  return (object) => {
    const chain: KubernetesObject[] = [];
    let owner: Owner | null = null;
    let current = object;
    while (chain.length < LONGEST_CHAIN) {
      const reference = controllerOf(current);
      if (reference === null) break;
      owner = reference;
      const next = byName.get(`${reference.kind}/${object.namespace}/${reference.name}`);
      if (next === undefined) return { owner: guessDeployment(reference, object), chain };
      chain.push(next);
      current = next;
    }
    return { owner, chain };
  };
}

/** The owner that manages the object. A static pod is owned by its node, which made nothing of it. */
function controllerOf({ cursor }: KubernetesObject): Owner | null {
  const references = at(cursor, 'metadata', 'ownerReferences').value;
  if (!Array.isArray(references)) return null;
  const usable = references.filter(
    (item): item is { kind: string; name: string; controller?: unknown } =>
      isRecord(item) && typeof item.kind === 'string' && typeof item.name === 'string' && item.kind !== 'Node',
  );
  const found = usable.find((item) => item.controller === true) ?? usable[0];
  return found === undefined ? null : { kind: found.kind, name: found.name };
}

/**
 * A ReplicaSet that is not among the objects: its name is that of its Deployment and the hash that its pods carry as a
 * label (`pod-template-hash`, set by the Deployment controller alone).
 */
function guessDeployment(reference: Owner, pod: KubernetesObject): Owner {
  const hash = at(pod.cursor, 'metadata', 'labels', 'pod-template-hash').value;
  if (reference.kind !== 'ReplicaSet' || typeof hash !== 'string' || hash === '') return reference;
  const suffix = `-${hash}`;
  if (!reference.name.endsWith(suffix) || reference.name.length === suffix.length) return reference;
  return { kind: 'Deployment', name: reference.name.slice(0, -suffix.length) };
}
