// Writes the picture in the language of Mermaid, which GitHub, GitLab and many wikis draw by themselves.
// Boxes are nodes of several lines; sites are subgraphs. Mermaid is text only here: nothing lays it out.
import type { PolicyGraph } from '../../model/graph.ts';
import type { Action } from '../../model/policy.ts';
import { makePrintable } from '../../text/printable.ts';
import { type Box, makePicture, type Part } from './picture.ts';

const ARROWS: Readonly<Record<Action, string>> = {
  allow: '-->',
  drop: '-.-x',
  reject: '-.-x',
  pass: '-.->',
  log: '-.-',
};

/** The picture of the graph as a flowchart. */
export function renderMermaid(graph: PolicyGraph, part: Part = 'all'): string {
  const picture = makePicture(graph, part);
  // Mermaid takes few characters in ids, and words such as `end` not at all: nodes are numbered.
  const names = new Map<string, string>();
  const name = (key: string): string => {
    const known = names.get(key) ?? `n${names.size}`;
    names.set(key, known);
    return known;
  };
  const lines = ['flowchart LR'];
  for (const [index, site] of picture.sites.entries()) {
    const inner = [
      ...site.segments.map((box) => `${name(box.key)}["${boxText(box)}"]`),
      ...site.routers.map(({ key, title, detail }) => `${name(key)}(["${text(title)}<br/>${text(detail)}"])`),
      ...(site.segments.length + site.routers.length === 0 ? [`${name(site.key)}["no segments"]`] : []),
    ];
    if (site.title === null) lines.push(...inner.map((line) => `  ${line}`));
    else {
      const detail = site.detail === '' ? '' : ` (${site.detail})`;
      lines.push(
        `  subgraph s${index}["${text(site.title + detail)}"]`,
        ...inner.map((line) => `    ${line}`),
        '  end',
      );
    }
  }
  const subgraph = (key: string): string => `s${picture.sites.findIndex((site) => site.key === key)}`;
  for (const { from, to, kind } of picture.links) {
    if (kind === 'tunnel') lines.push(`  ${subgraph(from)} -. tunnel .- ${subgraph(to)}`);
    else lines.push(`  ${name(from)} --- ${name(to)}`);
  }
  lines.push(...picture.groups.map((group) => `  ${name(group.key)}["${boxText(group)}"]:::group`));
  lines.push(...picture.peers.map(({ key, title }) => `  ${name(key)}(["${text(title)}"])`));
  for (const { from, to, action, labels } of picture.arrows) {
    lines.push(`  ${name(from)} ${ARROWS[action]}|"${labels.map(text).join('<br/>')}"| ${name(to)}`);
  }
  lines.push('  classDef group fill:#eef4ff,stroke:#5b7fb8');
  return `${lines.join('\n')}\n`;
}

function boxText({ title, detail, rows, unlisted, holds }: Box): string {
  const listed = rows.map((row) => text(`${row.title}${row.detail === '' ? '' : ` ${row.detail}`}`));
  const rest =
    unlisted === 0
      ? []
      : [rows.length > 0 ? `and ${unlisted} more` : `${unlisted} ${holds}${unlisted === 1 ? '' : 's'}`];
  return [`<b>${text(title)}</b>`, ...(detail === '' ? [] : [`<i>${text(detail)}</i>`]), ...listed, ...rest].join(
    '<br/>',
  );
}

/** Characters that Mermaid reads are written by number. */
function text(value: string): string {
  return makePrintable(value)
    .replace(/[#"<>&|[\]{}()`;\\]/g, (c) => `#${c.codePointAt(0)};`)
    .replace(/\s+/g, ' ');
}
