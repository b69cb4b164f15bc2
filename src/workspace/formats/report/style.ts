// The style of a report's page. Light is the ground that paper has; dark comes only on screens that ask for it.

export const STYLE = `
:root { --ground: #ffffff; --panel: #f6f7f9; --ink: #1b2430; --dim: #5b6776; --line: #d9dee5; --accent: #2563a8;
  --good: #1a6e34; --warn: #8a5a00; --bad: #b3261e; --track: #e4e8ee; --fill: #3b7dc4; --fill-bad: #d4762c; }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 78rem; padding: 2.5rem 1.5rem 4rem; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -.02em; margin: 0; }
h2 { font-size: 1.4rem; line-height: 1.25; letter-spacing: -.01em; margin: 0 0 .35rem; }
h3 { font-size: 1rem; margin: 1.75rem 0 .5rem; }
section { margin-top: 3rem; padding-top: 1.75rem; border-top: 1px solid var(--line); scroll-margin-top: 0; }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 2px; }
code { font: .86em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: break-word; }
.subtitle, .intro { color: var(--dim); } .dim { color: var(--dim); }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 2.25rem; margin: 1.25rem 0; }
.facts dt { color: var(--dim); font-size: .8rem; } .facts dd { margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; list-style: none; margin: 0; padding: 0; font-size: .92rem; }
.wide, .map { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
.wide:focus-visible, .map:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.45; }
th, td { padding: .45rem .8rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { background: var(--panel); color: var(--dim); font-size: .78rem; font-weight: 600; white-space: nowrap; vertical-align: bottom; }
tbody tr:last-child > * { border-bottom: 0; }
tbody th { font-weight: 500; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.percent { display: inline-block; min-width: 4.2em; }
.track { display: inline-block; width: 5rem; height: .5rem; border-radius: .25rem; background: var(--track); overflow: hidden; vertical-align: .05em;
  -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.fill { display: block; height: 100%; background: var(--fill); -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.fill.bad { background: var(--fill-bad); }
.scores .bar { width: 8rem; } .scores .track { width: 7rem; vertical-align: middle; } .scores th[scope=row] { white-space: nowrap; }
.definition { color: var(--dim); font-size: .85rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: .75rem; margin: 1rem 0 0; }
.cards + p { margin-top: 1rem; }
.score { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; }
.score dt { font-size: .85rem; font-weight: 600; } .score dd { margin: 0; } .score strong { font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.score .definition { display: block; line-height: 1.4; margin-top: .2rem; }
.tone { font-weight: 600; } .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
figure { margin: 1.25rem 0 0; } figcaption { color: var(--dim); font-size: .9rem; margin-bottom: .5rem; } figcaption strong { color: var(--ink); }
.map { background: #ffffff; } .map svg { display: block; width: 100%; height: auto; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--dim); font-size: .85rem; }
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --ground: #12161c; --panel: #1a2029; --ink: #e4e9f0; --dim: #9aa7b6; --line: #2e3744; --accent: #7db4f0;
    --good: #5cc47c; --warn: #e0ac4e; --bad: #f2857d; --track: #2b3441; --fill: #4f8fd6; --fill-bad: #d9853f; }
  .map { background: #171c24; }
}
@media (max-width: 40rem) {
  body { padding: 1.5rem 1rem 3rem; } h1 { font-size: 1.6rem; } section { margin-top: 2rem; padding-top: 1.25rem; }
  th, td { padding: .4rem .6rem; } .facts { gap: .5rem 1.5rem; }
  .scores thead, .scores .bar { display: none; } .scores, .scores tbody { display: block; }
  .scores tr { display: grid; grid-template-columns: 1fr auto auto; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .scores tr > *, .scores th[scope=row] { border: 0; padding: 0 .6rem; white-space: normal; } .scores .definition { grid-column: 1 / -1; } .scores tr:last-child { border: 0; }
}
@media print {
  @page { margin: 14mm 12mm; }
  @page drawing { size: landscape; margin: 10mm; }
  html { font-size: 11.5px; }
  body { max-width: none; padding: 0; font-size: 1rem; }
  nav { display: none; } a { color: inherit; text-decoration: none; } p { max-width: none; }
  section { margin-top: 1.5rem; padding-top: 1rem; }
  #map { page: drawing; border: 0; margin: 0; padding: 0; }
  h2, h3, figcaption, .intro { break-after: avoid; } .score, figure { break-inside: avoid; }
  figure + figure { break-before: page; }
  .wide, .map { overflow: visible; border: 0; border-radius: 0; }
  .map > div { min-width: 0 !important; max-width: 100% !important; } .map svg { max-height: 160mm; }
  thead { display: table-header-group; } tr { break-inside: avoid; }
  th, td { padding: .3rem .6rem; }
  td .track { display: none; } td.bar .track { display: inline-block; width: 5rem; } .scores .bar { width: 6rem; }
  .cards { grid-template-columns: repeat(3, 1fr); gap: .6rem; }
}
`;
