// A report as Markdown, for a wiki or a repository: the sections with their scores, each definition beside its number, and
// the map as a Mermaid chart where there is one.
import { code, prose } from '../ci/markdown-text.ts';
import type { Block, Cell, Page, Section } from './page.ts';
import type { ScoreJson, ShareJson } from './shape.ts';

/** `map`: Mermaid, or why there is none. */
export function renderReportMarkdown(
  page: Page,
  map: { readonly mermaid: string } | { readonly reason: string },
): string {
  const lines = [
    `# ${prose(page.title)}`,
    '',
    `${prose(page.subtitle)} ${page.facts.map(({ name, value }) => `${name}: ${value}`).join(' · ')}`,
    '',
    '## Scores',
    '',
    '| Score | | | What it is |',
    '|---|--:|--:|---|',
    ...page.sections.flatMap(({ scores }) => scores).map(describeScore),
    '',
    '## Map',
    '',
    ...('mermaid' in map ? ['```mermaid', map.mermaid.trimEnd(), '```'] : [`${prose(map.reason)}.`]),
    ...page.sections.flatMap(describeSection),
  ];
  return `${lines.join('\n')}\n`;
}

function describeScore({ title, definition, share }: ScoreJson): string {
  const [percent, of] = share === null ? ['–', 'not measured'] : [percentOf(share), `${share.part} of ${share.of}`];
  return `| ${title} | ${percent} | ${of} | ${definition} |`;
}

function percentOf({ percent }: ShareJson): string {
  return percent === null ? '–' : `**${percent.toFixed(1)} %**`;
}

function describeSection({ title, intro, scores, blocks }: Section): readonly string[] {
  const shown = scores.map(
    ({ title: name, definition, share }) =>
      `- ${name}: ${share === null ? 'not measured' : `${percentOf(share)}, ${share.part} of ${share.of}`} (${definition})`,
  );
  return ['', `## ${title}`, '', prose(intro), '', ...shown, ...blocks.flatMap(describeBlock)];
}

function describeBlock(block: Block): readonly string[] {
  if (block.kind === 'text') return ['', prose(block.text)];
  const { title, columns, rows, more, otherwise } = block;
  if (rows.length === 0) return ['', `### ${title}`, '', prose(otherwise)];
  return [
    '',
    `### ${title}`,
    '',
    `| ${columns.map((column) => column.title).join(' | ')} |`,
    `|${columns.map(({ isNumber }) => (isNumber === true ? '--:' : '---')).join('|')}|`,
    ...rows.map((row) => `| ${row.map(writeCell).join(' | ')} |`),
    ...(more === 0 ? [] : ['', `… and ${more} more: the JSON has all of them.`]),
  ];
}

function writeCell(cell: Cell): string {
  switch (cell.kind) {
    case 'text':
      return cell.text === '' ? '–' : prose(cell.text);
    case 'code':
      return [...cell.texts.map(code), ...(cell.more === undefined ? [] : [`and ${cell.more} more`])].join(
        cell.stacked === true ? '<br>' : ' ',
      );
    case 'number':
      return cell.value === null ? '–' : String(cell.value);
    case 'share': {
      const { part, of, percent } = cell.share;
      return `${part} of ${of}${percent === null ? '' : ` (${percent.toFixed(1)} %)`}`;
    }
  }
}
