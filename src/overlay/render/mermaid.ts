// A walk as a Mermaid sequence diagram: a participant for each place, an arrow for each way between two, and what
// happened at a place as notes beside it.

import { formatAddress } from '../../net/address.ts';
import { dispositions } from '../packet/disposition.ts';
import type { Step } from '../step/step.ts';
import { groupHops, type Hop } from '../walk/hops.ts';
import type { Walk } from '../walk/walk.ts';

export function renderTraceMermaid(walk: Walk): string {
  const ways = [walk.steps, walk.reply?.steps ?? [], walk.answer?.steps ?? []].map(groupHops);
  const places = new Map<string, string>();
  for (const hop of ways.flat()) {
    const name = placeOf(hop);
    if (!places.has(name)) places.set(name, `p${places.size}`);
  }
  const lines = ['sequenceDiagram'];
  for (const [name, id] of places) lines.push(`  participant ${id} as ${quoteMarks(name)}`);
  for (const [i, hops] of ways.entries()) {
    let before: string | null = null;
    const [begin] = hops;
    if (i > 0 && begin !== undefined) {
      lines.push(`  Note over ${places.get(placeOf(begin)) ?? ''}: ${i === 1 ? 'the reply' : 'the answer'}`);
    }
    for (const hop of hops) {
      const id = places.get(placeOf(hop)) ?? '';
      if (before !== null && before !== id)
        lines.push(`  ${before}${i === 0 ? '->>' : '-->>'}${id}: ${quoteMarks(carried(hop))}`);
      const notes = hop.steps.map(describe);
      lines.push(`  Note over ${id}: ${notes.map(quoteMarks).join('<br/>')}`);
      before = id;
    }
  }
  const [first] = places.values();
  const verdict = `${dispositions[walk.disposition]}${walk.reason === null ? '' : `: ${walk.reason}`}`;
  if (first !== undefined) lines.push(`  Note over ${first}: ${quoteMarks(verdict)}`);
  return `${lines.join('\n')}\n`;
}

function placeOf({ kind, name, site }: Hop): string {
  const place = name ?? kind;
  return site === null || kind === 'underlay' ? place : `${place} (${site})`;
}

/** What is on the wire to a place. */
function carried({ steps }: Hop): string {
  const header = steps[0]?.packet.header;
  return header === undefined ? '' : `${formatAddress(header.source)} to ${formatAddress(header.destination)}`;
}

function describe({ stage, component, action, outer, rules }: Step): string {
  const rule = rules[0]?.rule ?? null;
  const by = rule === null ? '' : ` by ${rule}`;
  const wrapped = outer === null ? '' : `, VNI ${outer.vni}`;
  return `${stage} ${component}: ${action}${by}${wrapped}`;
}

/** Mermaid ends a statement at `;` and a comment begins with `%%`; quotes and angles are HTML to it. */
function quoteMarks(text: string): string {
  return text.replace(/[#;<>"%]/g, (mark) => `#${mark.charCodeAt(0)};`);
}
