// A walk as a picture: the way there on the left and what came back on the right, a box for each place with its steps
// in order, and the color of each step what it did. No layout is needed: a way is a line.

import { formatAddress } from '../../net/address.ts';
import { type Disposition, dispositions } from '../packet/disposition.ts';
import type { Step } from '../step/step.ts';
import { groupHops, type Hop } from '../walk/hops.ts';
import type { Walk } from '../walk/walk.ts';

const COLUMN = 620;
const MARGIN = 24;
const LINE = 19;
const GAP = 26;
const INK = '#1f2937';
const FAINT = '#6b7280';

export function renderTraceSvg(walk: Walk): string {
  const back = walk.reply ?? walk.answer;
  const title = walk.reply === null ? 'Answer' : 'Reply';
  const columns = [
    drawColumn(MARGIN, 'Packet', walk.disposition, walk.reason, groupHops(walk.steps)),
    ...(back === null || back.steps.length === 0
      ? []
      : [drawColumn(MARGIN * 2 + COLUMN, title, back.disposition, back.reason, groupHops(back.steps))]),
  ];
  const width = MARGIN + columns.length * (COLUMN + MARGIN);
  const height = Math.max(...columns.map((column) => column.height)) + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...columns.flatMap(({ marks }) => marks),
    '</svg>',
    '',
  ].join('\n');
}

function drawColumn(
  x: number,
  title: string,
  disposition: Disposition,
  reason: string | null,
  hops: readonly Hop[],
): { readonly marks: readonly string[]; readonly height: number } {
  const end = dispositions[disposition];
  const color = disposition === 'delivered' ? '#166534' : disposition === 'unknown' ? '#92400e' : '#b91c1c';
  const marks = [text(x, MARGIN + 12, `${title}: ${end}`, color, 'bold', 16)];
  let y = MARGIN + 12;
  if (reason !== null) {
    y += LINE;
    marks.push(text(x, y, reason, color));
  }
  y += 14;
  for (const [i, hop] of hops.entries()) {
    const height = LINE * (hop.steps.length + 1) + 12;
    if (i > 0) {
      marks.push(
        `<path d="M ${x + 20} ${y - GAP + 2} V ${y - 7}" stroke="${FAINT}" stroke-width="1.5"/>`,
        `<path d="M ${x + 16} ${y - 8} L ${x + 20} ${y - 1} L ${x + 24} ${y - 8} Z" fill="${FAINT}"/>`,
        text(x + 34, y - 9, wireOf(hop), FAINT),
      );
    }
    const fill =
      hop.kind === 'underlay'
        ? '#f3f4f6'
        : hop.kind === 'edge'
          ? '#eff6ff'
          : hop.kind === 'outside'
            ? '#fefce8'
            : '#f8fafc';
    marks.push(`<rect x="${x}" y="${y}" width="${COLUMN}" height="${height}" rx="5" fill="${fill}" stroke="#cbd5e1"/>`);
    marks.push(text(x + 10, y + LINE - 2, titleOf(hop), INK, 'bold'));
    for (const [n, step] of hop.steps.entries()) {
      const line = y + LINE * (n + 2) - 2;
      marks.push(text(x + 10, line, step.stage, FAINT), text(x + 150, line, clip(describe(step)), colorOf(step)));
    }
    y += height + GAP;
  }
  return { marks, height: y };
}

function titleOf({ kind, name, site }: Hop): string {
  const place = name === null ? kind : kind === 'outside' ? name : `${kind} ${name}`;
  return site === null || kind === 'underlay' ? place : `${place}, ${site}`;
}

function wireOf({ latency, steps }: Hop): string {
  const header = steps[0]?.packet.header;
  const ends =
    header === undefined ? '' : `${formatAddress(header.source)} \u2192 ${formatAddress(header.destination)}`;
  return latency === 'wide' ? `${ends}, across sites` : ends;
}

function describe({ component, action, outer, rules, note }: Step): string {
  const rule = rules[0] === undefined ? '' : ` by ${rules[0].rule ?? `the default of ${rules[0].tier ?? 'the list'}`}`;
  const wrapped =
    outer === null
      ? ''
      : ` VNI ${outer.vni}, ${formatAddress(outer.source)} \u2192 ${formatAddress(outer.destination)}`;
  const more = note === null || outer !== null || rules.length > 0 ? '' : ` (${note})`;
  return `${component}: ${action}${rule}${wrapped}${more}`;
}

function clip(words: string): string {
  const most = 72;
  return words.length > most ? `${words.slice(0, most - 1)}\u2026` : words;
}

function colorOf({ action }: Step): string {
  if (action === 'dropped' || action === 'rejected') return '#b91c1c';
  if (action === 'in doubt') return '#92400e';
  return action === 'delivered' || action === 'allowed' ? '#166534' : INK;
}

function text(x: number, y: number, words: string, fill: string, weight = 'normal', size = 13): string {
  const safe = words.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);
  return `<text x="${x}" y="${y}" fill="${fill}" font-weight="${weight}" font-size="${size}">${safe}</text>`;
}
