// Says in one line what a step gave, for every format that people read.
import type { CheckStep, CiReport, CiStep, DiffStep, FormStep, TestsStep } from '../../../analyze/ci/report.ts';
import { listWords, plural } from '../../../text/words.ts';
import { summariseLayer } from '../check.ts';

/** Without a full stop. User text stands in it in backticks only. */
export function summariseStep(step: CiStep): string {
  if (step.reason !== null) return step.reason;
  switch (step.name) {
    case 'form':
      return summariseForm(step);
    case 'check':
      return summariseCheck(step);
    case 'tests':
      return summariseTests(step);
    case 'diff':
      return summariseDiff(step);
  }
}

/** `passed`, `failed: check, tests`. */
export function summariseReport({ outcome, steps }: CiReport): string {
  const failed = steps.filter((step) => step.outcome === 'failed').map((step) => step.name);
  if (outcome === 'unusable') return 'failed: something could not be read';
  return outcome === 'passed' ? 'passed' : `failed: ${failed.join(', ')}`;
}

function summariseForm({ files, findings }: FormStep): string {
  const count = findings.length;
  if (count === 0) return `${plural(files, 'policy file')} in form`;
  return `${count} of ${plural(files, 'policy file')} ${count === 1 ? 'is' : 'are'} not in form`;
}

function summariseCheck({ findings, files, layers }: CheckStep): string {
  const found = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [plural(count, severity)];
  });
  const totals = layers.map(summariseLayer);
  const rules = totals.reduce((sum, layer) => sum + layer.rules, 0);
  const workloads = totals.reduce((sum, layer) => sum + layer.workloads, 0);
  const size = [plural(files, 'file'), plural(rules, 'rule'), plural(workloads, 'workload')];
  return `${found.length === 0 ? 'no findings' : listWords(found)} in ${listWords(size)}`;
}

function summariseTests({ tests }: TestsStep): string {
  if (tests.length === 0) return 'there are none';
  const failed = tests.filter((test) => test.outcome !== 'passed').length;
  return failed === 0 ? `${tests.length} passed` : `${failed} of ${tests.length} not met`;
}

function summariseDiff({ base, change }: DiffStep): string {
  const [opened, closed] = [change?.opened.length ?? 0, change?.closed.length ?? 0];
  if (opened + closed === 0) return `the same flows as \`${base}\``;
  return `${opened} opened, ${closed} closed against \`${base}\``;
}
