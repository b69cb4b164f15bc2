// Turns the options of a rule or a policy into fields: each at most once, none that excludes another, none where it has
// no meaning.

import { type Direction, noOptions, type Options } from '../../model/policy.ts';
import type { Instant, Window } from '../../model/time.ts';
import type { OptionNode } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import type { Scope } from '../names/scope.ts';
import { bindPeer } from '../terms/peers.ts';
import { parseUntil, parseWindow, type TimeRefusal } from '../terms/time.ts';

type Kind = OptionNode['kind'];
type OptionOf<K extends Kind> = Extract<OptionNode, { readonly kind: K }>;
type Owner = 'policy' | 'rule';

/** What the options of one rule or policy say. */
export interface BoundOptions {
  readonly common: Options;
  readonly priority: number | null;
  readonly directions: readonly Direction[] | null;
  readonly sequence: number | null;
  readonly originalAction: string | null;
  readonly opaque: string | null;
}

/** Options that only one of the two has. */
const ONLY: Readonly<Partial<Record<Kind, Owner>>> = {
  priority: 'policy',
  directions: 'policy',
  sequence: 'rule',
  originally: 'rule',
  opaque: 'rule',
};

const CONFLICTS: readonly (readonly [Kind, Kind, string])[] = [
  ['ipv4', 'ipv6', 'leave out both: a rule is about both families'],
  ['disabled', 'staged', 'a disabled rule is not there at all; a staged one is reported and does not decide'],
  ['stateless', 'strict', 'strict checks the state of a connection, which a stateless rule does not keep'],
];

/** The options in the order written. What is reported is as if it were not there. */
export function bindOptions(nodes: readonly OptionNode[], owner: Owner, scope: Scope): BoundOptions {
  const found = new Map<Kind, OptionNode>();
  for (const node of nodes) {
    const only = ONLY[node.kind];
    const first = found.get(node.kind);
    if (only !== undefined && only !== owner) reportMisplaced(node, only, scope);
    else if (first !== undefined) reportDuplicateOption(node, first, scope);
    else found.set(node.kind, node);
  }
  reportConflicts(found, scope);
  const get = <K extends Kind>(kind: K) => found.get(kind) as OptionOf<K> | undefined;
  const appliesTo = get('applies-to')?.peer;
  return {
    common: {
      ...noOptions,
      // `applies to any` is the same as saying nothing (semantics §3).
      appliesTo: appliesTo === undefined || appliesTo.kind === 'any' ? null : bindPeer(appliesTo, scope),
      family: found.has('ipv4') ? 4 : found.has('ipv6') ? 6 : null,
      stateless: found.has('stateless'),
      strict: found.has('strict'),
      disabled: found.has('disabled'),
      staged: found.has('staged'),
      log: found.has('log'),
      window: bindWindow(get('window'), scope),
      until: bindUntil(get('until'), scope),
      reason: textOf(found.get('reason')),
      owner: textOf(found.get('owner')),
      ticket: textOf(found.get('ticket')),
    },
    priority: get('priority')?.value.value ?? null,
    directions: bindDirections(get('directions')),
    sequence: get('sequence')?.value.value ?? null,
    originalAction: textOf(found.get('originally')),
    opaque: get('opaque')?.reason.text ?? null,
  };
}

function textOf(node: OptionNode | undefined): string | null {
  return node !== undefined && 'text' in node ? node.text.text : null;
}

/** The word that starts an option. */
function wordOf(kind: Kind): string {
  return kind === 'applies-to' ? 'applies to' : kind;
}

function reportMisplaced(node: OptionNode, only: Owner, { report }: Scope): void {
  report(error('check/misplaced-option', `\`${wordOf(node.kind)}\` is an option of a ${only}`, node.span));
}

function reportDuplicateOption(node: OptionNode, first: OptionNode, { report }: Scope): void {
  report(
    error('check/duplicate-option', `\`${wordOf(node.kind)}\` is given twice`, node.span, {
      notes: [{ message: 'first given here', span: first.span }],
      help: node.kind === 'applies-to' ? 'write one list: `applies to a or b`' : null,
    }),
  );
}

function reportConflicts(found: ReadonlyMap<Kind, OptionNode>, { report }: Scope): void {
  for (const [one, other, help] of CONFLICTS) {
    const [a, b] = [found.get(one), found.get(other)];
    if (a === undefined || b === undefined) continue;
    const [first, second] = a.span.start < b.span.start ? [a, b] : [b, a];
    report(
      error('check/conflicting-options', `\`${second.kind}\` and \`${first.kind}\` exclude each other`, second.span, {
        notes: [{ message: `\`${first.kind}\` is given here`, span: first.span }],
        help,
      }),
    );
  }
}

function bindDirections(node: OptionOf<'directions'> | undefined): readonly Direction[] | null {
  return node === undefined ? null : (['in', 'out'] as const).filter((direction) => node.of.includes(direction));
}

function bindWindow(node: OptionOf<'window'> | undefined, scope: Scope): Window | null {
  if (node === undefined) return null;
  const window = parseWindow(node.text.text);
  if ('days' in window) return window;
  scope.report(error('check/invalid-window', window.problem, node.text.span, { help: window.help }));
  return null;
}

function bindUntil(node: OptionOf<'until'> | undefined, scope: Scope): Instant | null {
  return node === undefined ? null : acceptTime(parseUntil(node.time.text), node.time.span, scope);
}

/** The instant, or null after a report. */
export function acceptTime(time: Instant | TimeRefusal, span: Span, { report }: Scope): Instant | null {
  if (typeof time === 'number') return time;
  report(error('check/invalid-time', time.problem, span, { help: time.help }));
  return null;
}
