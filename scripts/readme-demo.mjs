// Writes the output of the demo into README.md, between its markers.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runStep, STEPS } from './demo.mjs';

const readme = join(dirname(dirname(fileURLToPath(import.meta.url))), 'README.md');
const BEGIN = '<!-- demo: written by scripts/readme-demo.mjs -->';
const END = '<!-- end of demo -->';

/** The text of README.md with what the steps of the demo gave. */
export function withDemo(text, runs) {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from === -1 || to === -1) throw new Error('README.md has lost the markers of the demo');
  const steps = runs.map(
    ({ prompt, output }, index) => `${STEPS[index].says}\n\n\`\`\`console\n$ ${prompt}\n${output.join('\n')}\n\`\`\`\n`,
  );
  return `${text.slice(0, from)}${BEGIN}\n\n${steps.join('\n')}\n${text.slice(to)}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(
    readme,
    withDemo(
      readFileSync(readme, 'utf8'),
      STEPS.map((step) => runStep(step)),
    ),
  );
}
