// Changes of the ground: hosts, sites and routers that fail or come back, sites that are cut apart or joined. Whether two
// may talk is the policy's answer and does not depend on them (semantics §16); that is said, not passed over.

import type { Change } from '../../model/change.ts';
import { type Draft, idsOf, refuse, reportUnknown, say } from './draft.ts';

type Of<Kind extends Change['kind']> = Extract<Change, { readonly kind: Kind }>;

const PLACES = { host: 'hosts', site: 'sites', router: 'routers' } as const;

export function failOrRestore(draft: Draft, { kind, what, id, span }: Of<'fail' | 'restore'>): boolean {
  const known = idsOf(draft, PLACES[what]);
  if (!known.has(id)) return reportUnknown(draft, what, id, known, span);
  return sayOverlayOnly(draft, `\`${kind} ${what} ${id}\``, span);
}

export function cutOrJoin(draft: Draft, { kind, from, to, span }: Of<'cut' | 'join'>): boolean {
  const known = idsOf(draft, 'sites');
  for (const id of [from, to]) if (!known.has(id)) return reportUnknown(draft, 'site', id, known, span);
  if (from === to) {
    return refuse(draft, 'change/same-site', `there is nothing between \`${from}\` and itself to ${kind}`, span, {
      help: 'name two sites',
    });
  }
  return sayOverlayOnly(draft, `\`${kind} ${from} <-> ${to}\``, span);
}

function sayOverlayOnly(draft: Draft, change: string, span: Change['span']): true {
  return say(draft, 'change/overlay-only', `${change} leaves every verdict as it is`, span, {
    help: 'who may talk is decided by policy; whether a packet arrives is another question',
  });
}
