// The importer and the evaluator together against a naive evaluator of raw objects, on random clusters.
// A feature counts as tried in a world if some verdict there changes when the feature is taken away.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSnapshot } from '../../src/engine/pipeline.ts';
import { decide } from '../../src/evaluate/decide.ts';
import { importKubernetes } from '../../src/importers/kubernetes/import-kubernetes.ts';
import type { EndpointRef } from '../../src/model/question.ts';
import { parseAddress } from '../../src/net/address.ts';
import { hasErrors } from '../../src/text/diagnostic.ts';
import { sampleSize } from '../kit/sample-size.ts';
import { judge, type NaiveDialect, type NaiveEnd, type NaiveVerdict } from '../oracle/naive-networkpolicy.ts';
import { features } from './kubernetes-features.ts';
import {
  type KubernetesQuestion,
  type KubernetesWorld,
  kubernetesWorlds,
  naiveDialects,
  type Raw,
} from './kubernetes-worlds.ts';

const SEED = 20260;
const WORLDS = sampleSize(1000);
/** Of few worlds little can be said of a share. */
const LEAST_SHARE = WORLDS === 1000 ? 0.03 : 0.01;
const protocols = { TCP: 6, UDP: 17, SCTP: 132, other: 1 } as const;

function toEndpoint(end: NaiveEnd): EndpointRef {
  if ('pod' in end) return { kind: 'workload', id: end.pod, interface: null };
  if ('node' in end) return { kind: 'host', id: end.node };
  const address = parseAddress(end.ip);
  if ('problem' in address) throw new Error(address.problem);
  return { kind: 'address', address };
}

function answers({ dialect, objects, questions }: KubernetesWorld): readonly string[] {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const { layer, diagnostics } = importKubernetes([{ name: 'cluster.json', text }], { name: 'cluster', dialect });
  expect(diagnostics.filter((d) => hasErrors([d])).map((d) => d.message)).toEqual([]);
  const { snapshot } = buildSnapshot([layer], { at: 0 });
  return questions.map(({ source, destination, service }) => {
    const { verdict } = decide(snapshot.evaluator, {
      source: toEndpoint(source),
      destination: toEndpoint(destination),
      family: null,
      service: { protocol: protocols[service.protocol], a: service.port, b: null },
    });
    return verdict;
  });
}

function naiveAnswers(
  questions: readonly KubernetesQuestion[],
  objects: readonly Raw[],
  dialect: NaiveDialect,
): readonly NaiveVerdict[] {
  return questions.map(({ source, destination, service }) => judge(objects, source, destination, service, dialect));
}

describe('random clusters', () => {
  it(`gives the verdicts of the naive evaluator on ${WORLDS} of them`, () => {
    const counts: Record<NaiveVerdict, number> = { allow: 0, drop: 0, unknown: 0 };
    fc.assert(
      fc.property(kubernetesWorlds, (world) => {
        const expected = naiveAnswers(world.questions, world.objects, naiveDialects[world.dialect] as NaiveDialect);
        for (const verdict of expected) counts[verdict]++;
        expect(answers(world)).toEqual(expected);
      }),
      { seed: SEED, numRuns: WORLDS },
    );
    const total = counts.allow + counts.drop + counts.unknown;
    for (const count of Object.values(counts)) expect(count / total).toBeGreaterThan(0.1);
  }, 300_000);

  it('try every feature: in some of them a verdict depends on it', () => {
    const worlds = fc.sample(kubernetesWorlds, { seed: SEED, numRuns: sampleSize(300) });
    const shares = Object.entries(features).map(([name, ablate]) => {
      const depending = worlds.filter(({ questions, objects, dialect }) => {
        const own = naiveDialects[dialect] as NaiveDialect;
        const changed = naiveAnswers(questions, ...ablate(objects, own));
        return naiveAnswers(questions, objects, own).some((verdict, i) => verdict !== changed[i]);
      });
      return [name, depending.length / worlds.length] as const;
    });
    console.log(shares.map(([name, share]) => `${(share * 100).toFixed(1).padStart(5)} %  ${name}`).join('\n'));
    expect(shares.filter(([, share]) => share < LEAST_SHARE)).toEqual([]);
  }, 120_000);
});
