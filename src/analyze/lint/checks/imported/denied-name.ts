// lint/denied-name: a rule denies a domain name. Which addresses a name has is known only as far as somebody has asked for
// it: whoever knows another address, or another name of it, gets through.

import type { Peer } from '../../../../model/peer.ts';
import type { LintCheck } from '../../kit/check.ts';
import { makeFinding } from '../../kit/make.ts';
import { witnessAt } from '../../kit/witness.ts';

export const deniedName: LintCheck = {
  code: 'lint/denied-name',
  *run(context) {
    for (const { rule, layer, taken } of context.facts().values()) {
      const denies = rule.action === 'drop' || rule.action === 'reject';
      if (!denies || ![rule.source, rule.destination].some(namesDomain)) continue;
      yield makeFinding(
        'lint/denied-name',
        `\`${rule.id}\` denies a domain name, which nothing can be relied on to do`,
        rule.span,
        {
          layer: context.layers[layer]?.name ?? null,
          about: rule.id,
          help: 'allow what is needed by name, and deny the rest by address',
          witness: taken === null ? null : witnessAt(taken),
        },
      );
    }
  },
};

function namesDomain(peer: Peer): boolean {
  if (peer.kind === 'fqdn') return true;
  return peer.kind === 'union' && peer.of.some(namesDomain);
}
