// lint/or-for-and: a list of peers in a manifest has one entry for whole namespaces and one for pods of the policy's own:
// together they allow either, where one entry with both selectors would ask for both.
import type { Condition, Peer } from '../../../../model/peer.ts';
import type { LintCheck } from '../../kit/check.ts';
import { findAllowed } from '../../kit/find-flow.ts';
import { makeFinding } from '../../kit/make.ts';

export const orForAnd: LintCheck = {
  code: 'lint/or-for-and',
  *run({ layers, snapshot }) {
    for (const [index, layer] of layers.entries()) {
      if (layer.kind !== 'import') continue;
      for (const rule of layer.policies.flatMap((policy) => policy.rules)) {
        const [end, peer] = [...[rule.source, rule.destination].entries()].find(([, own]) => isEither(own)) ?? [];
        if (end === undefined || peer?.kind !== 'union') continue;
        const wide = peer.of.find(isWholeNamespaces) as Peer;
        const set = snapshot.evaluator.membership.evaluate(index, wide);
        const witness = findAllowed(snapshot, index, rule, end === 0 ? { from: set } : { to: set });
        if (witness === null) continue;
        const span = 'span' in wide ? wide.span : rule.span;
        yield makeFinding(
          'lint/or-for-and',
          `\`${rule.id}\` names all pods of some namespaces, or some pods of its own`,
          span ?? rule.span,
          {
            layer: layer.name,
            about: rule.id,
            help: 'if pods that fulfil both selectors are meant, write them as one entry: without the second `-`',
            witness,
          },
        );
      }
    }
  },
};

function isEither(peer: Peer): boolean {
  return peer.kind === 'union' && peer.of.some(isWholeNamespaces) && peer.of.some(isSomeOfOwn);
}

function isWholeNamespaces(peer: Peer): boolean {
  return peer.kind === 'select' && peer.where?.op === 'namespace';
}

/** Pods of one namespace, by its name, that fulfil something more. */
function isSomeOfOwn(peer: Peer): boolean {
  if (peer.kind !== 'select' || peer.where?.op !== 'and') return false;
  const isName = (part: Condition): boolean => part.op === 'field' && part.field === 'namespace';
  return peer.where.of.some(isName) && peer.where.of.some((part) => !isName(part) && part.op !== 'namespace');
}
