// Completes a line of the dialogue: the words of statements and commands, and the names that come after them.
import type { Layer } from '../../model/layer.ts';

/** What a name can be, by the word before it. */
type Kind = 'workload' | 'host' | 'site' | 'router' | 'policy' | 'rule' | 'group' | 'label';

const FIRST = [
  ...['set', 'move', 'clone', 'create', 'delete', 'add', 'remove', 'disable', 'enable', 'stage'],
  ...['fail', 'restore', 'cut', 'join', 'at'],
  ...['why', 'flows', 'show', 'undo', 'help', 'quit'],
];

/** The words that may follow the words so far; a name stands for itself. */
const NEXT: readonly (readonly [RegExp, readonly string[], Kind | null])[] = [
  [/^(set|move|clone|delete) $/, [], 'workload'],
  [/^set \S+ $/, ['labels'], null],
  [/^set \S+ labels (.* )?$/, [], 'label'],
  [/^move \S+ $/, ['to'], null],
  [/^move \S+ to $/, [], 'host'],
  [/^clone \S+ $/, ['as'], null],
  [/^create $/, ['vm', 'container', 'pod-vm', 'instance', 'bare-metal'], null],
  [/^add $/, ['to'], null],
  [/^add to $/, [], 'policy'],
  [/^add to \S+ $/, ['before', 'after', 'first', 'last'], null],
  [/^add to \S+ (before|after) $/, [], 'rule'],
  [/^(remove) $/, ['rule', 'policy', 'group'], null],
  [/^(disable|enable|stage) $/, ['rule', 'policy'], null],
  [/^\w+ rule $/, [], 'rule'],
  [/^\w+ policy $/, [], 'policy'],
  [/^\w+ group $/, [], 'group'],
  [/^(fail|restore) $/, ['host', 'site', 'router'], null],
  [/^\w+ host $/, [], 'host'],
  [/^\w+ site $/, [], 'site'],
  [/^\w+ router $/, [], 'router'],
  [/^(cut|join) $/, [], 'site'],
  [/^(cut|join) \S+ $/, ['<->'], null],
  [/^(cut|join) \S+ <-> $/, [], 'site'],
  [/^why .*$/, [], 'workload'],
];

const MOST = 200;

/** Completions of the last word of the line, and that word. */
export function completeLine(line: string, layers: readonly Layer[]): readonly [matches: string[], word: string] {
  const word = /\S*$/.exec(line)?.[0] ?? '';
  const before = line
    .slice(0, line.length - word.length)
    .trimStart()
    .replace(/\s+/g, ' ');
  if (before === '') return [FIRST.filter((first) => first.startsWith(word)).map((first) => `${first} `), word];
  const found = NEXT.find(([pattern]) => pattern.test(before));
  if (found === undefined) return [[], word];
  const [, words, kind] = found;
  const names = new Set<string>(words);
  if (kind !== null) for (const name of namesOf(layers, kind)) names.add(name);
  const matches = [...names].filter((name) => name.startsWith(word)).sort();
  return [matches.slice(0, MOST).map((name) => (kind === 'label' ? name : `${name} `)), word];
}

function* namesOf(layers: readonly Layer[], kind: Kind): Generator<string> {
  for (const layer of layers) {
    switch (kind) {
      case 'workload':
        for (const { id } of [...layer.world.workloads, ...layer.world.hostAliases]) yield id;
        break;
      case 'host':
        for (const { id } of layer.world.hosts) yield id;
        break;
      case 'site':
        for (const { id } of layer.world.sites) yield id;
        break;
      case 'router':
        for (const { id } of layer.world.routers) yield id;
        break;
      case 'policy':
        for (const { id } of layer.policies) yield id;
        break;
      case 'rule':
        for (const { rules } of layer.policies) for (const { id } of rules) yield id;
        break;
      case 'group':
        yield* layer.groups.keys();
        break;
      case 'label':
        for (const { key, values } of layer.labelKeys.values()) {
          for (const value of values ?? ['']) yield `${key}=${value}`;
        }
    }
  }
}
