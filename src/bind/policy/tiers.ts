// Turns the `tiers` statement into tiers in order. They are declared once for the whole root; a root that declares none
// has the usual four.

import type { Tier } from '../../model/policy.ts';
import type { TierNode } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import { reportDuplicate } from '../names/collect.ts';
import type { Placed, Report, Scope } from '../names/scope.ts';
import { bindService } from '../terms/services.ts';

const PASS = { verdict: 'pass', whereSelected: false } as const;

/** `emergency; infrastructure; environment; application default drop`. */
export const DEFAULT_TIERS: readonly Tier[] = [
  ...['emergency', 'infrastructure', 'environment'].map(
    (name): Tier => ({ name, default: PASS, decides: null, ethernet: false, span: null }),
  ),
  {
    name: 'application',
    default: { verdict: 'drop', whereSelected: false },
    decides: null,
    ethernet: false,
    span: null,
  },
];

/** The tiers of a root. A second statement, and a second tier of one name, are reported and left out. */
export function bindTiers(
  statements: readonly Placed<'tiers'>[],
  scopeOf: (statement: Placed<'tiers'>) => Scope,
  report: Report,
): readonly Tier[] {
  const statement = onlyStatement(statements, 'tiers', report);
  if (statement === null) return DEFAULT_TIERS;
  const scope = scopeOf(statement);
  const nodes = new Map<string, TierNode>();
  for (const node of statement.body.tiers) {
    const known = nodes.get(node.name.text);
    if (known === undefined) nodes.set(node.name.text, node);
    else reportDuplicate('the tier', node.name, known.name.span, report);
  }
  if (nodes.size === 0) {
    report(error('check/empty-set', 'a root without tiers decides nothing', statement.statement.span));
    return DEFAULT_TIERS;
  }
  return [...nodes.values()].map((node) => bindTier(node, scope));
}

function bindTier(node: TierNode, scope: Scope): Tier {
  const decides = node.decides === null ? null : bindService(node.decides, scope);
  if (node.decides !== null && decides !== null && (decides.named.length > 0 || decides.opaque !== null)) {
    scope.report(
      error(
        'check/wrong-kind',
        'what a tier decides is known in full: protocols, ports and ICMP messages',
        node.decides.span,
      ),
    );
  }
  return {
    name: node.name.text,
    default:
      node.default === null ? PASS : { verdict: node.default.verdict, whereSelected: node.default.whereSelected },
    decides: decides?.set ?? null,
    ethernet: node.ethernet,
    span: node.name.span,
  };
}

/** The statement of a kind that stands once in a root; null for none. More are reported. */
export function onlyStatement<Kind extends 'tiers' | 'internal' | 'dialect' | 'governs'>(
  statements: readonly Placed<Kind>[],
  kind: Kind,
  report: Report,
): Placed<Kind> | null {
  const [first, ...more] = statements;
  for (const { statement } of more) {
    report(
      error('check/duplicate-statement', `\`${kind}\` stands once in all files of a root`, statement.span, {
        notes: first === undefined ? [] : [{ message: 'it already stands here', span: first.statement.span }],
      }),
    );
  }
  return first ?? null;
}
