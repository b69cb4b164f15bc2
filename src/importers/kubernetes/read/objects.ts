// Turns documents into Kubernetes objects: lists unpacked, each with kind, namespace and name, sorted by what they are
// to this importer. What is left out is said, once for each kind. What is inside an object is left to others.
import { addTo } from '../../../base/multimap.ts';
import { quote } from '../../../net/address.ts';
import { error, note, warning } from '../../../text/diagnostic.ts';
import type { Span } from '../../../text/source.ts';
import type { Document } from '../../document.ts';
import {
  at,
  type Cursor,
  isGiven,
  isRecord,
  itemsOf,
  keySpanOf,
  type Report,
  rootOf,
  spanOf,
  textOf,
} from './cursor.ts';
import { classifyKind, isClusterScoped, POLICY_VERSIONS, TEMPLATE_PATHS } from './kinds.ts';
import { isNamespaceName, isObjectName } from './names.ts';

export interface KubernetesObject {
  readonly kind: string;
  /** '' where the kind belongs to no namespace. */
  readonly namespace: string;
  readonly name: string;
  readonly cursor: Cursor;
  /** Of its name. */
  readonly span: Span;
}

/** Objects that are read, by kind, in the order given; no two of one kind, namespace and name. */
export type ObjectsByKind = ReadonlyMap<string, readonly KubernetesObject[]>;

/** An item before it is known to be of use. */
interface Item {
  readonly cursor: Cursor;
  readonly apiVersion: string;
  readonly kind: string;
}

/** Where kubectl puts what names no namespace, unless its context says otherwise. */
const DEFAULT_NAMESPACE = 'default';

/** The annotation by which namespaces were isolated before NetworkPolicy was stable. */
const LEGACY_ANNOTATION = 'net.beta.kubernetes.io/network-policy';

/** Whether a document is a Kubernetes object, or a list of them. */
export function looksLikeKubernetes(document: Document): boolean {
  const isObject = (value: unknown): boolean =>
    isRecord(value) && typeof value.kind === 'string' && typeof value.apiVersion === 'string';
  const { value } = document;
  return Array.isArray(value) ? value.length > 0 && value.every(isObject) : isObject(value);
}

/** `ignoreForeignPolicies`: policies of other systems are warned about instead of refused. */
export function collectObjects(
  documents: readonly Document[],
  ignoreForeignPolicies: boolean,
  report: Report,
): ObjectsByKind {
  const found = new Map<string, Item[]>();
  for (const document of documents) {
    for (const item of unpack({ cursor: rootOf(document), apiVersion: '', kind: '' }, report)) {
      addTo(found, `${groupOf(item)}/${item.kind}`, item);
    }
  }
  const byKind = new Map<string, KubernetesObject[]>();
  const idle: (readonly Item[])[] = [];
  for (const items of found.values()) {
    const first = items[0] as Item;
    const what = classifyKind(groupOf(first), first.kind);
    switch (what.class) {
      case 'read':
        for (const object of identifyAll(items, report)) addTo(byKind, first.kind, object);
        break;
      case 'idle':
        idle.push(items);
        break;
      case 'foreign':
        reportForeign(items, what.by, ignoreForeignPolicies, report);
        break;
      case 'unknown':
        reportUnknown(items, report);
    }
  }
  reportIdle(idle, report);
  const objects = new Map([...byKind].map(([kind, list]) => [kind, withoutDuplicates(list, report)]));
  reportDefaultNamespace([...objects.values()].flat(), report);
  return objects;
}

/** Every object in a value: itself, or the items of a list. Those of a typed list (`PodList`) may not say their kind. */
function unpack(item: Item, report: Report): readonly Item[] {
  const { cursor } = item;
  if (Array.isArray(cursor.value)) {
    return itemsOf(cursor, report).flatMap((each) => unpack({ ...item, cursor: each }, report));
  }
  if (!isRecord(cursor.value)) {
    report(warning('kubernetes/not-an-object', 'this is not a Kubernetes object, and is left out', spanOf(cursor)));
    return [];
  }
  const own = (key: 'apiVersion' | 'kind'): string => {
    const value = at(cursor, key).value;
    return typeof value === 'string' && value !== '' ? value : item[key];
  };
  const [apiVersion, kind] = [own('apiVersion'), own('kind')];
  if (kind.endsWith('List') && Array.isArray(at(cursor, 'items').value)) {
    const inherited = { apiVersion, kind: kind.slice(0, -'List'.length) };
    return itemsOf(at(cursor, 'items'), report).flatMap((each) => unpack({ ...inherited, cursor: each }, report));
  }
  if (kind === '' || apiVersion === '') {
    const missing = kind === '' ? 'kind' : 'apiVersion';
    report(
      warning('kubernetes/not-an-object', `this has no \`${missing}\`, and is left out`, spanOf(cursor), {
        help: 'every Kubernetes object has `apiVersion` and `kind`',
      }),
    );
    return [];
  }
  return [{ cursor, apiVersion, kind }];
}

function groupOf({ apiVersion }: Item): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

function identifyAll(items: readonly Item[], report: Report): readonly KubernetesObject[] {
  const objects: KubernetesObject[] = [];
  for (const { cursor, apiVersion, kind } of items) {
    const versions = POLICY_VERSIONS.get(kind);
    if (versions !== undefined && !versions.includes(apiVersion)) {
      report(
        warning(
          'kubernetes/unknown-version',
          `\`${kind}\` of ${quote(apiVersion)} is read as \`${versions[0]}\``,
          spanOf(at(cursor, 'apiVersion')),
        ),
      );
    }
    if (kind === 'Namespace') reportLegacyIsolation(cursor, report);
    const name = nameOf(cursor, kind, report);
    if (name === null) continue;
    const namespace = isClusterScoped(kind) ? '' : namespaceOf(cursor, report);
    objects.push({ kind, namespace, name, cursor, span: spanOf(at(cursor, 'metadata', 'name')) });
  }
  return objects;
}

function reportLegacyIsolation(cursor: Cursor, report: Report): void {
  const annotation = at(cursor, 'metadata', 'annotations', LEGACY_ANNOTATION);
  if (annotation.value === undefined) return;
  report(
    warning(
      'kubernetes/legacy-isolation',
      `the annotation \`${LEGACY_ANNOTATION}\` has had no effect since Kubernetes 1.7`,
      keySpanOf(annotation),
      { help: 'a `NetworkPolicy` with an empty `podSelector` isolates a namespace' },
    ),
  );
}

/** A policy without a usable name still counts: leaving it out would open what it closes. */
function nameOf(cursor: Cursor, kind: string, report: Report): string | null {
  const field = at(cursor, 'metadata', 'name');
  const name = textOf(field, report);
  if (name !== null && name !== '') {
    const isName = kind === 'Namespace' ? isNamespaceName(name) : isObjectName(name);
    if (!isName) {
      report(
        error('kubernetes/invalid-name', `${quote(name)} cannot be the name of a \`${kind}\``, spanOf(field), {
          help: 'a name has lower case letters, digits and `-`, with a letter or digit at both ends',
        }),
      );
    }
    return name;
  }
  const prefix = at(cursor, 'metadata', 'generateName').value;
  if (typeof prefix === 'string' && prefix !== '') return prefix.replace(/[-.]+$/, '') || prefix;
  report(error('kubernetes/invalid-name', `this \`${kind}\` has no name`, spanOf(cursor)));
  return POLICY_VERSIONS.has(kind) ? '(no name)' : null;
}

function namespaceOf(cursor: Cursor, report: Report): string {
  const field = at(cursor, 'metadata', 'namespace');
  const namespace = textOf(field, report);
  if (namespace === null || namespace === '') return DEFAULT_NAMESPACE;
  if (!isNamespaceName(namespace)) {
    report(error('kubernetes/invalid-name', `${quote(namespace)} cannot be the name of a namespace`, spanOf(field)));
  }
  return namespace;
}

/**
 * One object of each kind, namespace and name. The same object written twice says nothing new; two that differ leave
 * open which one the cluster has. Annotations, comments and status do not make a difference.
 */
function withoutDuplicates(list: readonly KubernetesObject[], report: Report): readonly KubernetesObject[] {
  const first = new Map<string, KubernetesObject>();
  for (const object of list) {
    const key = `${object.namespace}/${object.name}`;
    const known = first.get(key);
    if (known === undefined) {
      first.set(key, object);
      continue;
    }
    const id = object.namespace === '' ? object.name : key;
    const notes = [{ message: 'first given here', span: known.span }];
    if (essenceOf(known) === essenceOf(object)) {
      report(warning('kubernetes/repeated', `the \`${object.kind}\` \`${id}\` is given twice`, object.span, { notes }));
    } else {
      report(
        error(
          'kubernetes/duplicate',
          `the \`${object.kind}\` \`${id}\` is given twice, with different contents`,
          object.span,
          {
            notes,
            help: 'a cluster has only one of them: leave the other out',
          },
        ),
      );
    }
  }
  return [...first.values()];
}

/** What of an object can matter to a verdict, as one text. */
function essenceOf({ cursor }: KubernetesObject): string {
  const fields = [
    at(cursor, 'metadata', 'labels'),
    ...['spec', 'subsets', 'endpoints', 'ports'].map((key) => at(cursor, key)),
  ];
  return JSON.stringify(fields.map((field) => sorted(field.value ?? null)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function reportForeign(items: readonly Item[], by: string, isIgnored: boolean, report: Report): void {
  const { cursor, kind } = items[0] as Item;
  const message = `${countOf(items.length, kind)} of ${by} ${items.length === 1 ? 'is' : 'are'} not understood`;
  const make = isIgnored ? warning : error;
  report(
    make('kubernetes/foreign-policy', isIgnored ? `${message}, and ignored` : message, spanOf(at(cursor, 'kind')), {
      help: isIgnored ? null : 'they change what is allowed, so that no verdict would be right without them',
    }),
  );
}

function reportUnknown(items: readonly Item[], report: Report): void {
  const { cursor, apiVersion, kind } = items[0] as Item;
  const makesPods = [...TEMPLATE_PATHS.values()].some((path) => isRecord(at(cursor, ...path, 'spec').value));
  const help = apiVersion.startsWith('kustomize.config.k8s.io/')
    ? 'a kustomization is not applied: render it first, with `kubectl kustomize`'
    : makesPods
      ? 'it makes pods, which are known only from a dump of the running pods'
      : null;
  const message = `${countOf(items.length, kind)} of ${quote(apiVersion)} ${items.length === 1 ? 'is' : 'are'} left out`;
  report(warning('kubernetes/unknown-kind', `${message}: the kind is not known`, spanOf(at(cursor, 'kind')), { help }));
}

function reportIdle(groups: readonly (readonly Item[])[], report: Report): void {
  const first = groups[0]?.[0];
  if (first === undefined) return;
  const counts = groups.map((items) => countOf(items.length, (items[0] as Item).kind)).join(', ');
  report(
    note('kubernetes/left-out', `left out, as no verdict depends on them: ${counts}`, spanOf(at(first.cursor, 'kind'))),
  );
}

function reportDefaultNamespace(objects: readonly KubernetesObject[], report: Report): void {
  const first = objects.find(
    ({ namespace, cursor }) => namespace === DEFAULT_NAMESPACE && !isGiven(at(cursor, 'metadata', 'namespace')),
  );
  if (first === undefined) return;
  report(
    note('kubernetes/default-namespace', 'objects that name no namespace are taken into `default`', first.span, {
      help: 'kubectl puts them into the namespace of its context: name it in the manifests if it is another',
    }),
  );
}

function countOf(count: number, kind: string): string {
  return `${count} \`${kind}\``;
}
