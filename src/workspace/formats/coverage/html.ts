// Coverage as one HTML page that needs nothing else: totals, what is not exercised, and every file with its rules marked.
// Whatever comes from files is escaped; the page has no script and loads nothing.
import { escapeHtml } from '../html-text.ts';
import type { Sources } from '../place.ts';
import { annotate, stateOf } from './annotated.ts';
import type { CoverageDocument, CoverageRow } from './document.ts';

const STYLE = `
:root { color-scheme: light dark; --ok: #1a7f37; --part: #9a6700; --no: #cf222e; --dim: #6e7781; }
@media (prefers-color-scheme: dark) { :root { --ok: #3fb950; --part: #d29922; --no: #f85149; --dim: #8b949e; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { padding: .2rem 1rem .2rem 0; text-align: left; vertical-align: top; }
pre { font: 13px/1.5 ui-monospace, monospace; overflow-x: auto; margin: 0; }
pre span { display: block; padding-left: .5rem; border-left: 4px solid transparent; }
.covered { border-color: var(--ok) !important; } .partly { border-color: var(--part) !important; }
.uncovered { border-color: var(--no) !important; } .unreached, .idle { border-color: var(--dim) !important; }
.n { color: var(--dim); user-select: none; } code { font: 13px ui-monospace, monospace; }
@media print { details { display: block; } pre { white-space: pre-wrap; } }
`;

export function renderHtml(document: CoverageDocument, sources: Sources): string {
  const { rules, defaults, denyPaths, items, at } = document;
  const totals = [
    ['Rules', rules],
    ['Tier defaults', defaults],
    ['Ways of denying', denyPaths],
  ] as const;
  const missing = items.filter((item) => ['uncovered', 'partly'].includes(stateOf([item]) ?? ''));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Policy coverage</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Policy coverage</h1>
<p>What tests and invariants exercise, judged at ${escapeHtml(at)}.</p>
<table>
${totals.map(([name, { covered, of, percent }]) => `<tr><th>${name}</th><td>${covered} of ${of}</td><td>${percent === null ? '' : `${percent} %`}</td></tr>`).join('\n')}
</table>
<h2>Not exercised</h2>
${missing.length === 0 ? '<p>Nothing.</p>' : `<ul>\n${missing.map(describeMissing).join('\n')}\n</ul>`}
<h2>Files</h2>
${annotate(document, sources)
  .map(
    ({ file, lines }) =>
      `<details open><summary><code>${escapeHtml(file)}</code></summary>\n<pre>${lines
        .map(({ number, text, items: own }) => {
          const names = own.flatMap(({ by }) => by);
          const title =
            own.length === 0 ? '' : ` title="${escapeHtml(names.length === 0 ? 'not exercised' : names.join('\n'))}"`;
          const numbered = `<i class="n">${String(number).padStart(4)}</i>  ${escapeHtml(text)}`;
          return `<span class="${stateOf(own) ?? ''}"${title}>${numbered}</span>`;
        })
        .join('')}</pre></details>`,
  )
  .join('\n')}
</body>
</html>
`;
}

function describeMissing({ rule, tier, state, denies, file, line }: CoverageRow): string {
  const name = rule === null ? `the default of tier ${tier}` : rule;
  const ways = denies.filter((deny) => deny.state === 'uncovered').map(({ direction }) => direction);
  const what = state === 'uncovered' ? '' : ` where it denies ${ways.join(' and ')}`;
  const place = file === null ? '' : ` <span class="n">${escapeHtml(file)}:${line ?? '?'}</span>`;
  return `<li><code>${escapeHtml(name)}</code>${what}${place}</li>`;
}
