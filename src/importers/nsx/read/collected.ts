// What a dump holds, sorted by kind and still raw: every object with its policy path. The readers of each kind take it
// from here; in which of the shapes the dump came (see shapes.ts) no longer shows.
import { makeSuggest } from '../../../base/bounded-suggest.ts';
import { quote } from '../../../net/address.ts';
import { fieldOf, flagAt, keySpanOf, type RecordNode, spanOf, type TextNode, textAt } from './node.ts';
import type { Problems } from './problems.ts';

/** An object of the Policy API. */
export interface Located {
  readonly node: RecordNode;
  /** How others refer to it: `/infra/domains/default/groups/web`. */
  readonly path: string;
  readonly id: string | null;
  readonly display: string | null;
}

/** An object of the Policy API that belongs to another. */
export interface Part {
  readonly node: RecordNode;
  readonly ownerPath: string;
}

export interface Collected {
  readonly machines: RecordNode[];
  readonly interfaces: RecordNode[];
  readonly segments: Located[];
  readonly ports: (Located & Part)[];
  readonly tier0s: Located[];
  readonly tier1s: Located[];
  readonly uplinks: Part[];
  readonly services: Located[];
  readonly entries: Part[];
  readonly groups: Located[];
  readonly policies: Located[];
  readonly rules: Part[];
  readonly schedulers: Located[];
  readonly excludeMembers: TextNode[];
  /** The deprecated way to set the verdict of last resort. */
  readonly strategies: TextNode[];
}

export function nothingCollected(): Collected {
  return {
    machines: [],
    interfaces: [],
    segments: [],
    ports: [],
    tier0s: [],
    tier1s: [],
    uplinks: [],
    services: [],
    entries: [],
    groups: [],
    policies: [],
    rules: [],
    schedulers: [],
    excludeMembers: [],
    strategies: [],
  };
}

/** The last step of a policy path, which is the id of what it names. */
export function lastStep(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What to call an object in a message. */
export function nameOf({ display, id, path }: Located): string {
  return quote(display ?? id ?? path);
}

/** Finds the path whose last step is nearly that of another, as help for a message; null where there is none. */
export function pathSuggester(paths: Iterable<string>): (path: string) => string | null {
  const suggest = makeSuggest();
  let byStep: ReadonlyMap<string, string> | null = null;
  return (path) => {
    byStep ??= new Map([...paths].map((known) => [lastStep(known), known]));
    const near = suggest(lastStep(path), byStep.keys());
    return near === null ? null : `there is ${quote(byStep.get(near) ?? '')}`;
  };
}

/** Gives an object its path: the one it carries, else `base` and its id. */
export function locate(problems: Problems, node: RecordNode, base: string): Located {
  const id = textAt(problems, node, 'id');
  const display = textAt(problems, node, 'display_name');
  const path = textAt(problems, node, 'path');
  return {
    node,
    path: path ?? `${base}/${id ?? display ?? ''}`,
    id: id ?? (path === null ? null : lastStep(path)),
    display,
  };
}

/** Whether a body asks for the object to be deleted; said aloud, for the object is not judged. */
export function isDeleted(problems: Problems, node: RecordNode): boolean {
  if (!flagAt(problems, node, 'marked_for_delete')) return false;
  problems.count(
    'note',
    'nsx/marked-for-delete',
    '',
    (times) => `${times === 1 ? 'an object is' : `${times} objects are`} marked for deletion and left out`,
    () => keySpanOf(fieldOf(node, 'marked_for_delete')),
  );
  return true;
}

/** The objects without those whose path an earlier one has, which are reported. */
export function withoutDuplicates<T extends Located>(
  problems: Problems,
  what: string,
  items: readonly T[],
): readonly T[] {
  const first = new Map<string, T>();
  return items.filter((item) => {
    const known = first.get(item.path);
    if (known === undefined) {
      first.set(item.path, item);
      return true;
    }
    problems.report('error', 'nsx/duplicate', `${what} ${quote(item.path)} is in the dump twice`, spanOf(item.node), {
      notes: [{ message: 'first here', span: spanOf(known.node) }],
      help: 'the first is used; take one of them out',
    });
    return false;
  });
}
