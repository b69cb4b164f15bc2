// Every check by its page: the example gives the finding, what the page says to do does not, a comment beside it takes it
// back, and a flow that it shows is decided by `why` as the finding says.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainFlow } from '../../../src/analyze/explain-flow.ts';
import type { LintFinding } from '../../../src/analyze/lint/kit/finding.ts';
import { describeWitness } from '../../../src/analyze/lint/kit/witness.ts';
import { CHECKS } from '../../../src/analyze/lint/registry.ts';
import { suppressFindings } from '../../../src/analyze/lint/suppress.ts';
import { parseFlowQuestion } from '../../../src/bind/question/flow.ts';
import { makeQuestionNames } from '../../../src/bind/question/question-names.ts';
import { buildSnapshot } from '../../../src/engine/pipeline.ts';
import { makeSource, type Source } from '../../../src/text/source.ts';
import { AT, DECIDES, DECIDES_NOT, type Linted, lint } from './kit.ts';

/** The example of the page, and what it says to do. */
function pageOf(code: string): readonly [Source, Source] {
  const page = readFileSync(new URL(`../../../docs/codes/${code.replace('/', '-')}.md`, import.meta.url), 'utf8');
  const fences = [...page.matchAll(/```(seg|yaml)\n([\s\S]*?)```/g)];
  expect(fences).toHaveLength(2);
  return fences.map(([, language, text = '']) => makeSource(`page.${language}`, text)) as [Source, Source];
}

/** The text with a comment above the line of the finding. */
function withComment({ name, text }: Source, { diagnostic }: LintFinding, rest = ': it is meant'): Source {
  const start = text.lastIndexOf('\n', (diagnostic.span?.start ?? 0) - 1) + 1;
  const mark = name.endsWith('.yaml') ? '#' : '//';
  return makeSource(
    name,
    `${text.slice(0, start)}${mark} bulkhead-ignore ${diagnostic.code}${rest}\n${text.slice(start)}`,
  );
}

/** Without a flow: they are about texts, sets and times. */
const WITHOUT_FLOW = new Set(
  [
    'selects-nothing',
    'selects-everything',
    'unused-definition',
    'expired',
    'expiring',
    'staged',
    'missing-owner',
    'missing-reason',
  ].map((name) => `lint/${name}`),
);

describe.each(CHECKS.map(({ code }) => code))('%s', (code) => {
  const [example, advice] = pageOf(code);
  const own = ({ findings }: Linted): readonly LintFinding[] => findings.filter((f) => f.diagnostic.code === code);

  it('finds what its page shows', () => {
    const found = own(lint(example));
    expect(found.length).toBeGreaterThan(0);
    for (const { diagnostic, witness } of found) {
      expect(diagnostic.span).not.toBeNull();
      expect(diagnostic.message).toMatch(/^[^A-Z.]/);
      expect(diagnostic.message.endsWith('.')).toBe(false);
      expect(witness === null).toBe(WITHOUT_FLOW.has(code));
    }
  });

  it('finds nothing once that is done', () => {
    expect(own(lint(advice)).map(({ diagnostic }) => diagnostic.message)).toEqual([]);
  });

  it('is taken back by a comment that gives a reason', () => {
    const all = own(lint(example));
    const text = all.reduceRight((source, finding) => withComment(source, finding), example);
    // A finding in the world of the example has no line of its own here.
    const { findings, sources } = lint(text);
    const { kept, suppressed } = suppressFindings(findings, sources, AT);
    const away = all.filter(({ diagnostic }) => diagnostic.span?.file !== example.name).length;
    expect(kept.filter(({ diagnostic }) => diagnostic.code === code)).toHaveLength(away);
    expect(suppressed).toHaveLength(all.length - away);
  });

  it('shows flows that are decided as it says', () => {
    const { layers, findings } = lint(example);
    for (const { witness, about, diagnostic } of findings.filter((f) => f.diagnostic.code === code)) {
      if (witness === null) continue;
      const { snapshot } = buildSnapshot(layers, { at: witness.at });
      const source = makeSource('question', describeWitness(witness));
      const { flow, diagnostics } = parseFlowQuestion(source, makeQuestionNames(layers));
      expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
      if (flow === null) continue;
      const answer = explainFlow(snapshot.evaluator, flow);
      expect(answer.verdict).toBe(witness.decision.verdict);
      const rules = answer.points.flatMap((point) => point.rules);
      if (DECIDES.has(code)) expect(rules).toContain(about);
      if (DECIDES_NOT.has(code)) expect(rules).not.toContain(about);
      expect(diagnostic.notes.at(-1)?.message).toContain(describeWitness(witness));
    }
  });
});
