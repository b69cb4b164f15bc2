// In what implementations differ: each difference as a question with two answers.
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../src/model/dialects.ts';
import { kubernetesDialects } from '../../../src/model/kubernetes-dialects.ts';
import { asker, clusterPolicy, load, networkPolicy, SHOP } from './kit.ts';

const verdicts = (policies: string, ...flow: readonly [string, string, string]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    kubernetesDialects.map(({ name }) => [
      name,
      asker(SHOP + policies, { dialect: name })(...flow).split(':')[0] ?? '',
    ]),
  );
const all = (verdict: string): Readonly<Record<string, string>> =>
  Object.fromEntries(kubernetesDialects.map(({ name }) => [name, verdict]));

describe('dialects', () => {
  it('are known by name', () => {
    expect(kubernetesDialects.map(({ name }) => name)).toEqual([
      'kubernetes',
      'calico',
      'cilium',
      'antrea',
      'ovn-kubernetes',
      'kube-network-policies',
    ]);
    for (const dialect of kubernetesDialects) expect(dialects.get(dialect.name)).toBe(dialect);
  });

  it('that are not known are an error, and the specification is used for the rest', () => {
    const { layer, diagnostics } = load(SHOP, { dialect: 'celium' });
    expect(diagnostics.map(({ code, help }) => [code, help])).toContainEqual([
      'kubernetes/unknown-dialect',
      'is `cilium` meant?',
    ]);
    expect(layer.dialect.name).toBe('kubernetes');
    const [other] = load(SHOP, { dialect: 'nsx' }).diagnostics;
    expect(other?.message).toBe('`nsx` is not a dialect of Kubernetes');
  });

  it('agree on a block of addresses outside', () => {
    const policy = networkPolicy('p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}');
    expect(verdicts(policy, '203.0.113.9', 'workshop/bench-0', 'tcp/1')).toEqual(all('allow in'));
  });

  it('Cilium does not match pods by address', () => {
    const policy = networkPolicy('p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.7.1.0/24}}]}]}');
    expect(verdicts(policy, 'counter/till-0', 'workshop/bench-0', 'tcp/1')).toEqual({
      ...all('allow in'),
      cilium: 'drop in',
    });
    expect(verdicts(policy, 'office/agent-0', 'counter/till-0', 'tcp/1')).toEqual(all('allow in'));
  });

  it('kube-network-policies lets no pod that is selected anywhere reach the baseline', () => {
    const outwards = networkPolicy('p', '{podSelector: {}, policyTypes: [Egress], egress: [{}]}');
    const shut = clusterPolicy(
      'b',
      '{tier: Baseline, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}',
    );
    expect(verdicts(outwards + shut, 'counter/till-0', 'workshop/bench-0', 'tcp/1')).toEqual({
      ...all('drop in'),
      'kube-network-policies': 'allow in',
    });
    expect(verdicts(shut, 'counter/till-0', 'workshop/bench-0', 'tcp/1')).toEqual(all('drop in'));
  });

  it('kube-network-policies orders equal priorities by name', () => {
    const rule = (name: string, action: string): string =>
      clusterPolicy(
        name,
        `{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: ${action}, from: [{namespaces: {}}]}]}`,
      );
    expect(verdicts(rule('b', 'Deny') + rule('a', 'Accept'), 'counter/till-0', 'workshop/bench-0', 'tcp/1')).toEqual({
      ...all('unknown'),
      'kube-network-policies': 'allow in',
    });
  });

  it('differ in whether a change reaches established connections', () => {
    const established = Object.fromEntries(kubernetesDialects.map(({ name, established }) => [name, established]));
    expect(established).toEqual({ ...all('survive'), cilium: 'rechecked', 'ovn-kubernetes': 'rechecked' });
  });
});
