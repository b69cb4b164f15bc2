// A report as one HTML page that needs nothing else: no script, nothing loaded, readable in light, in dark, on paper and on a
// narrow screen. Whatever comes from policies is escaped; a policy of the page itself forbids everything but its style.
import { shorten } from '../../../text/printable.ts';
import { escapeHtml } from '../html-text.ts';
import type { Block, Cell, Column, Page, Section } from './page.ts';
import type { ScoreJson, ShareJson } from './shape.ts';
import { STYLE } from './style.ts';

/** A picture of one part of the graph: SVG of ours, and rules of style that show it on a dark ground. */
export interface PageMap {
  readonly title: string;
  readonly caption: string;
  readonly svg: string;
  /** Points. */
  readonly width: number;
}

export interface PageMaps {
  readonly maps: readonly PageMap[];
  /** Rules of style for a dark ground. */
  readonly darkStyle: string;
  /** Why there are none; null: there are. */
  readonly reason: string | null;
}

export function renderReportHtml(page: Page, maps: PageMaps): string {
  const { title, subtitle, facts, sections } = page;
  const links = [['scores', 'Scores'], ['map', 'Map'], ...sections.map((own) => [own.id, own.title])] as const;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${STYLE}
@media screen and (prefers-color-scheme: dark) {
${maps.darkStyle}
}
</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
<p class="subtitle">${prose(subtitle)}</p>
<dl class="facts">${facts.map(({ name, value }) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`).join('')}</dl>
<nav aria-label="Sections"><ul>${links.map(([id, name]) => `<li><a href="#${id}">${escapeHtml(name as string)}</a></li>`).join('')}</ul></nav>
</header>
<main>
<section id="scores" aria-labelledby="scores-title">
<h2 id="scores-title">Scores</h2>
<p class="intro">Each is a share of what its definition says. There is no number for the whole.</p>
${renderScores(sections)}
</section>
<section id="map" aria-labelledby="map-title">
<h2 id="map-title">Map</h2>
${maps.reason === null ? maps.maps.map(renderMap).join('\n') : `<p>${prose(maps.reason)}.</p>`}
</section>
${sections.map(renderSection).join('\n')}
</main>
<footer><p>Written by <code>bulkhead report</code>. <code>-f json</code> has every row.</p></footer>
</body>
</html>
`;
}

function renderScores(sections: readonly Section[]): string {
  const rows = sections.flatMap(({ id, scores }) => scores.map((score) => scoreRow(score, `#${id}`)));
  const heads = '<th scope="col">Score</th><th scope="col" colspan="3">Value</th><th scope="col">What it is</th>';
  return wide(
    'Scores',
    `<table class="scores"><thead><tr>${heads}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody></table>`,
  );
}

function scoreRow({ title, definition, share }: ScoreJson, link: string): string {
  const name = `<th scope="row"><a href="${link}">${escapeHtml(title)}</a></th>`;
  const value =
    share === null
      ? '<td class="bar"></td><td class="n" colspan="2"><span class="dim">not measured</span></td>'
      : `<td class="bar">${bar(share, false)}</td><td class="n"><strong>${percent(share)}</strong></td><td class="n dim">${fraction(share)}</td>`;
  return `<tr>${name}${value}<td class="definition">${escapeHtml(definition)}</td></tr>`;
}

/** The number stands beside it in words. */
function bar({ percent: value }: ShareJson, isBad: boolean): string {
  const width = value ?? 0;
  return `<span class="track" aria-hidden="true"><span class="${isBad ? 'fill bad' : 'fill'}" style="width:${width}%"></span></span>`;
}

function percent({ percent: value }: ShareJson): string {
  return value === null ? '–' : `${value.toFixed(1)}&nbsp;%`;
}

function fraction({ part, of }: ShareJson): string {
  return `${part}&nbsp;of&nbsp;${of}`;
}

function renderMap({ title, caption, svg, width }: PageMap): string {
  // Smaller than this nobody reads it: then it is scrolled.
  const least = Math.round(width * LEAST_SCALE);
  return `<figure>
<figcaption><strong>${escapeHtml(title)}</strong> ${escapeHtml(caption)}</figcaption>
<div class="map" tabindex="0" role="group" aria-label="${escapeHtml(title)}"><div style="min-width:${least}px;max-width:${Math.round(width * MOST_SCALE)}px">${svg}</div></div>
</figure>`;
}

const LEAST_SCALE = 0.7;
const MOST_SCALE = 1;

function renderSection({ id, title, intro, scores, blocks }: Section): string {
  const shown = scores.map(
    ({ title: name, definition, share }) =>
      `<div class="score"><dt>${escapeHtml(name)}</dt><dd><strong>${share === null ? 'not measured' : percent(share)}</strong>${share === null ? '' : ` <span class="dim">${fraction(share)}</span>`}<span class="definition">${escapeHtml(definition)}</span></dd></div>`,
  );
  return `<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${escapeHtml(title)}</h2>
<p class="intro">${prose(intro)}</p>
<dl class="cards">${shown.join('')}</dl>
${blocks.map(renderBlock).join('\n')}
</section>`;
}

function renderBlock(block: Block): string {
  if (block.kind === 'text') return `<p>${prose(block.text)}</p>`;
  const { title, columns, rows, more, otherwise } = block;
  const head = `<h3>${escapeHtml(title)}</h3>`;
  if (rows.length === 0) return `${head}\n<p class="dim">${prose(otherwise)}</p>`;
  const heads = columns.map(
    (column) => `<th scope="col"${column.isNumber === true ? ' class="n"' : ''}>${escapeHtml(column.title)}</th>`,
  );
  const body = rows.map((row) => `<tr>${row.map((cell, i) => writeCell(cell, columns[i], i === 0)).join('')}</tr>`);
  const table = `<table><thead><tr>${heads.join('')}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody></table>`;
  const rest = more === 0 ? '' : `\n<p class="dim">… and ${more} more.</p>`;
  return `${head}\n${wide(title, table)}${rest}`;
}

/** Scrolls by itself where the screen is narrower than the table; by the keyboard, too. */
function wide(name: string, table: string): string {
  return `<div class="wide" tabindex="0" role="group" aria-label="${escapeHtml(name)}">${table}</div>`;
}

function writeCell(cell: Cell, column: Column | undefined, isFirst: boolean): string {
  const name = isFirst ? 'th scope="row"' : 'td';
  const style = column?.isNumber === true ? ' class="n"' : '';
  return `<${name}${style}>${cellText(cell)}</${isFirst ? 'th' : 'td'}>`;
}

function cellText(cell: Cell): string {
  switch (cell.kind) {
    case 'text': {
      if (cell.text === '') return '<span class="dim">–</span>';
      const { tone = 'plain' } = cell;
      return tone === 'plain' ? prose(cell.text) : `<span class="tone ${tone}">${prose(cell.text)}</span>`;
    }
    case 'code': {
      const shown = cell.texts.map(codeOf);
      const rest = cell.more === undefined ? [] : [`<span class="dim">and ${cell.more} more</span>`];
      return [...shown, ...rest].join(cell.stacked === true ? '<br>' : ' ');
    }
    case 'number':
      return cell.value === null ? '<span class="dim">–</span>' : String(cell.value);
    case 'share':
      return `<span class="dim">${fraction(cell.share)}</span> <span class="percent">${percent(cell.share)}</span> ${bar(cell.share, cell.isBad === true)}`;
  }
}

/** A name may be broken behind a dot or a slash; a very long one is cut. */
function codeOf(name: string): string {
  return `<code>${escapeHtml(shorten(name, LONGEST)).replace(/[./](?=\D)/g, '$&<wbr>')}</code>`;
}

const LONGEST = 200;

/** Text in the style of diagnostics: every other part between backticks is of a user. */
function prose(message: string): string {
  const parts = message.split('`');
  if (parts.length % 2 === 0) return escapeHtml(message);
  return parts.map((part, i) => (i % 2 === 1 ? codeOf(part) : escapeHtml(part))).join('');
}
