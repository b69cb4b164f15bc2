// On random worlds, with every feature of the language in them: whatever lint shows is decided by the naive evaluator as
// lint says, by the rules that it says, and not by those that it calls dead. LINT_WORLDS sets how many worlds are judged.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LintFinding } from '../../../src/analyze/lint/kit/finding.ts';
import { lintSnapshot } from '../../../src/analyze/lint/lint.ts';
import { buildSnapshot } from '../../../src/engine/pipeline.ts';
import { noon } from '../../kit/layers.ts';
import { createOracle } from '../../oracle/naive.ts';
import { describeWorld } from '../../properties/describe-world.ts';
import { worlds } from '../../properties/worlds.ts';
import { DECIDES, DECIDES_NOT } from './kit.ts';

const SEED = 29;
const WORLDS = Number(process.env.LINT_WORLDS ?? 8);

it(`are decided as they say, on ${WORLDS} random worlds (seed ${SEED})`, () => {
  const shown = new Map<string, number>();
  for (const layers of fc.sample(worlds, { seed: SEED, numRuns: WORLDS })) {
    const { snapshot, diagnostics } = buildSnapshot(layers, { at: noon });
    if (diagnostics.some((d) => d.severity === 'error')) continue;
    const blame = (finding: LintFinding, why: string): never =>
      expect.fail(`${finding.diagnostic.message}: ${why}\n${describeWorld(layers)}`);
    for (const finding of lintSnapshot({ snapshot })) {
      const { witness, about, layer } = finding;
      const { code } = finding.diagnostic;
      if (witness === null) continue;
      const answer = createOracle(layers, witness.at)(witness.question);
      // A question that means several addresses of one machine is none about this pair alone.
      if (answer.points.length !== witness.decision.points.length) continue;
      shown.set(code, (shown.get(code) ?? 0) + 1);
      if (answer.verdict !== witness.decision.verdict) blame(finding, `the verdict is ${answer.verdict}`);
      // What a pass lets by is decided by somebody else.
      const rule = layers
        .flatMap(({ policies }) => policies.flatMap(({ rules }) => rules))
        .find(({ id }) => id === about);
      const isPass = rule?.action === 'pass';
      const own = answer.points.filter((point) => point.layer === layer);
      const by = own.flatMap((point) => point.by);
      if (DECIDES.has(code) && !isPass && !by.includes(about ?? '')) blame(finding, `it is decided by ${by}`);
      if (DECIDES_NOT.has(code) && own.some((point) => point.by.length === 1 && point.by[0] === about))
        blame(finding, 'it decides the flow');
    }
  }
  const counts = ['shadowed', 'redundant', 'over-broad'].map((name) => shown.get(`lint/${name}`) ?? 0);
  expect(Math.min(...counts), JSON.stringify([...shown])).toBeGreaterThan(WORLDS / 10);
}, 600_000);
