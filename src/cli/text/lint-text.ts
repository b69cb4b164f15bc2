// Sums up a run of lint in a line: what was found, in how much, and what was taken back.
import type { LintRun } from '../../analyze/lint/kit/report.ts';
import type { Paint } from './paint.ts';
import { listWords, plural } from './words.ts';

export function summariseLint({ findings, suppressed, baselined, layers }: LintRun, paint: Paint): string {
  const count = (severity: string): number =>
    findings.filter(({ diagnostic }) => diagnostic.severity === severity).length;
  const found = (['error', 'warning', 'note'] as const)
    .filter((severity) => count(severity) > 0)
    .map((severity) => plural(count(severity), severity));
  const rules = layers.flatMap(({ policies }) => policies).reduce((sum, policy) => sum + policy.rules.length, 0);
  const verdict = found.length === 0 ? paint.green('no findings') : paint.yellow(listWords(found));
  const back = [
    ...(suppressed.length === 0 ? [] : [`${suppressed.length} suppressed`]),
    ...(baselined.length === 0 ? [] : [`${baselined.length} in the baseline`]),
  ];
  return `${verdict} in ${plural(rules, 'rule')}${back.length === 0 ? '' : ` (${back.join(', ')})`}`;
}
