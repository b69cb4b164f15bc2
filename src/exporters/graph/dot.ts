// Writes the picture in the language of Graphviz. Boxes are tables; sites are clusters around those of their segments.
// Laid out by `dot`, neither boxes nor clusters overlap. svg.ts runs it; `-f dot` gives it to other tools.
import type { PolicyGraph } from '../../model/graph.ts';
import type { Action } from '../../model/policy.ts';
import { makePrintable } from '../../text/printable.ts';
import { type Arrow, type Box, makePicture, type Part, type Picture, type SitePicture } from './picture.ts';

const INK = '#1f2933';
const MUTED = '#5f6c7b';
const LINE = '#9aa5b1';
/** One that Graphviz knows the widths of; svg.ts lets a reader's system put its own in place. */
export const FONT = 'Helvetica';
export const BOLD = 'Helvetica-Bold';

const ARROWS: Readonly<Record<Action, string>> = {
  allow: 'color="#2f7d4f" fontcolor="#2f7d4f"',
  drop: 'color="#b3261e" fontcolor="#b3261e" style=dashed arrowhead=tee',
  reject: 'color="#b3261e" fontcolor="#b3261e" style=dashed arrowhead=tee',
  pass: 'color="#7a6a1f" fontcolor="#7a6a1f" style=dotted',
  log: 'color="#5f6c7b" fontcolor="#5f6c7b" style=dotted arrowhead=none',
};

/** The picture of the graph, or of one part, as a DOT text; the same graph gives the same text. */
export function renderDot(graph: PolicyGraph, part: Part = 'all'): string {
  const picture = makePicture(graph, part);
  // One half by itself needs no frame, and is drawn closer: it has to fit on a page.
  const [frame, room] = part === 'all' ? [cluster, 'ranksep=0.9 pad=0.3'] : [unframed, 'ranksep=0.35 pad=0.1'];
  return [
    'digraph bulkhead {',
    `  graph [rankdir=LR compound=true nodesep=0.25 ${room} fontname="${FONT}" fontcolor="${INK}" bgcolor=white]`,
    `  node [shape=plain fontname="${FONT}" fontsize=11 fontcolor="${INK}"]`,
    `  edge [fontname="${FONT}" fontsize=9 color="${LINE}" fontcolor="${MUTED}" arrowsize=0.7]`,
    ...frame('network', 'Network', picture.sites.flatMap(renderSite), picture.sites.length > 0),
    ...picture.links.map((link) => renderLink(link, picture.sites)),
    ...frame(
      'policy',
      'Policy',
      [
        ...picture.groups.map((group, index) => `${id(group.key)} [label=${renderBox(group, fillOf(index), false)}]`),
        ...picture.peers.map(
          ({ key, title }) =>
            `${id(key)} [shape=box style="rounded,filled" fillcolor="#eef1f4" color="${LINE}" label=${quote(shorten(title))}]`,
        ),
      ],
      picture.groups.length + picture.peers.length > 0,
    ),
    ...picture.arrows.map(renderArrow),
    '}',
    '',
  ].join('\n');
}

function cluster(name: string, title: string, lines: readonly string[], isNeeded = true): readonly string[] {
  if (!isNeeded) return [];
  const style = `label=${quote(pad(title))} labeljust=l style=rounded color="${LINE}" margin=14 fontsize=14`;
  return [`  subgraph ${quote(`cluster_${name}`)} {`, `    graph [${style}]`, ...lines.map((l) => `    ${l}`), '  }'];
}

function unframed(_name: string, _title: string, lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function renderSite(site: SitePicture): readonly string[] {
  const lines = [
    ...site.segments.map((segment) => `${id(segment.key)} [label=${renderBox(segment, '#eef1f4', true)}]`),
    ...site.routers.map(
      ({ key, title, detail }) =>
        `${id(key)} [shape=box style="rounded,filled" fillcolor=white color="${MUTED}" label=${quote(`${title}\n${detail}`)}]`,
    ),
    // An end for the tunnels of a site that has nothing in it.
    ...(site.segments.length + site.routers.length === 0 && site.title !== null
      ? [`${id(site.key)} [shape=box style=rounded color="${LINE}" label=${quote('no segments')}]`]
      : []),
  ];
  if (site.title === null) return lines;
  return cluster(site.key, `${site.title}${site.detail === '' ? '' : ` (${site.detail})`}`, lines);
}

/** A tunnel joins two sites: it is drawn from box to box and clipped at the frames of the sites. */
function renderLink({ from, to, kind }: Picture['links'][number], sites: readonly SitePicture[]): string {
  if (kind === 'routed') return `  ${id(from)} -> ${id(to)} [dir=none]`;
  const end = (key: string): string => {
    const site = sites.find((item) => item.key === key);
    return id(site?.segments[0]?.key ?? site?.routers[0]?.key ?? key);
  };
  const clip = `ltail=${quote(`cluster_${from}`)} lhead=${quote(`cluster_${to}`)}`;
  return `  ${end(from)} -> ${end(to)} [dir=none style=dashed label=tunnel ${clip}]`;
}

function renderBox(box: Box, fill: string, withPatches: boolean): string {
  const patches = withPatches ? Math.max(0, ...box.rows.map((row) => row.groups.length)) : 0;
  const span = `COLSPAN="${2 + patches}" ALIGN="LEFT"`;
  const detail = box.detail === '' ? '' : `<BR ALIGN="LEFT"/>${small(shorten(box.detail))}`;
  const rows = box.rows.map((row) => {
    const cells = Array.from({ length: patches }, (_, i) => {
      const group = row.groups[i];
      return group === undefined ? '<TD></TD>' : `<TD BGCOLOR="${fillOf(group)}" WIDTH="10"></TD>`;
    });
    const name = `<TD ALIGN="LEFT">${pad(text(shorten(row.title)))}</TD>`;
    const more = `<TD ALIGN="LEFT">${row.detail === '' ? '' : small(row.detail)}</TD>`;
    return `<TR>${cells.join('')}${name}${more}</TR>`;
  });
  const rest = restOf(box);
  return `<<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="1" CELLPADDING="4" COLOR="${LINE}" BGCOLOR="white">${[
    `<TR><TD ${span} BGCOLOR="${fill}"><FONT FACE="${BOLD}">${pad(text(shorten(box.title)))}</FONT>${detail}</TD></TR>`,
    ...rows,
    ...(rest === '' ? [] : [`<TR><TD ${span}>${small(rest)}</TD></TR>`]),
  ].join('')}</TABLE>>`;
}

function small(value: string): string {
  return `<FONT POINT-SIZE="9" COLOR="${MUTED}">${pad(text(value))}</FONT>`;
}

function restOf({ rows, unlisted, holds, detail }: Box): string {
  if (rows.length > 0) return unlisted === 0 ? '' : `and ${unlisted} more`;
  if (unlisted === 0) return detail === '' ? 'empty' : '';
  return `${unlisted} ${holds}${unlisted === 1 ? '' : 's'}`;
}

function renderArrow({ from, to, action, labels, rules }: Arrow): string {
  const label = labels.map((l) => shorten(l, 28)).join('\n');
  return `  ${id(from)} -> ${id(to)} [${ARROWS[action]} label=${quote(label)} tooltip=${quote(rules.join('\n'))}]`;
}

/** A light color that dark text is readable on: steps of the golden angle keep the first dozens apart. */
function fillOf(group: number): string {
  const hue = (210 + group * 137.508) % 360;
  const lightness = [0.87, 0.79, 0.83][group % 3] as number;
  const strength = 0.62 * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): string => {
    const k = (offset + hue / 30) % 12;
    const value = lightness - strength * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

function id(key: string): string {
  return quote(key);
}

/** A quoted string of DOT; line ends become centered ones. Backslashes begin escapes, so they are doubled first. */
function quote(value: string): string {
  return `"${printable(value).replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\r?\n/g, '\\n')}"`;
}

/** XML takes no control characters; lines of a label stay lines. */
function printable(value: string): string {
  return value.split('\n').map(makePrintable).join('\n');
}

/** Text inside an HTML-like label. */
function text(value: string): string {
  return printable(value).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** Room for fonts that run wider than the one the boxes are measured with. */
function pad(value: string): string {
  return value + '\u00a0'.repeat(2 + Math.ceil(value.length / 6));
}

function shorten(value: string, limit = 48): string {
  return value.length <= limit ? value : `${value.slice(0, limit - 1)}…`;
}
