// Writes the output of the demo into README.md, between its markers; with --check only says whether it is there.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runStep, STEPS } from './demo.mjs';

const readme = join(dirname(dirname(fileURLToPath(import.meta.url))), 'README.md');
const BEGIN = '<!-- demo: written by scripts/readme-demo.mjs -->';
const END = '<!-- end of demo -->';

/** README.md with the output of the demo as it is now. */
export function withDemo(text) {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from === -1 || to === -1) throw new Error('README.md has lost the markers of the demo');
  const steps = STEPS.map((step) => {
    const { prompt, output } = runStep(step);
    return `${step.says}\n\n\`\`\`console\n$ ${prompt}\n${output.join('\n')}\n\`\`\`\n`;
  });
  return `${text.slice(0, from)}${BEGIN}\n\n${steps.join('\n')}\n${text.slice(to)}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const before = readFileSync(readme, 'utf8');
  const after = withDemo(before);
  if (process.argv.includes('--check')) process.exitCode = before === after ? 0 : 1;
  else writeFileSync(readme, after);
}
