// What is in deploy/ fits the server that is here: manifests that say what they should, a configuration that is taken,
// metrics that exist, files that an image is made of.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { explainFlow } from '../../src/analyze/explain-flow.ts';
import { parseFlowQuestion } from '../../src/bind/question/flow.ts';
import { makeQuestionNames } from '../../src/bind/question/question-names.ts';
import { buildSnapshot } from '../../src/engine/pipeline.ts';
import { importKubernetes } from '../../src/importers/kubernetes/import-kubernetes.ts';
import { checkAuth } from '../../src/server/auth/check-auth.ts';
import { parseServerConfig } from '../../src/server/config/config.ts';
import { hasErrors } from '../../src/text/diagnostic.ts';
import { makeSource } from '../../src/text/source.ts';
import { ROOT } from '../cli/program.ts';
import { useFolders } from '../kit/folders.ts';
import { MACHINES, publish, SHOP, useServers } from './test-server.ts';

const newFolder = useFolders();
const open = useServers();
const read = (path: string): string => readFileSync(join(ROOT, 'deploy', path), 'utf8');

describe('the manifests', () => {
  const text = read('kubernetes/server.yaml');
  // biome-ignore lint/suspicious/noExplicitAny: manifests of several kinds.
  const objects: readonly any[] = parseAllDocuments(text).map((document) => document.toJS());
  const ofKind = (kind: string) => objects.find((object) => object.kind === kind);

  it('let in by TLS who says so, and nobody else', () => {
    const others = makeSource(
      'others.yaml',
      ['apps', 'strangers']
        .map((name) => {
          const labels = name === 'apps' ? "{ bulkhead-client: 'true' }" : '{}';
          return `apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: ${labels} }
---
apiVersion: v1
kind: Pod
metadata: { name: asker, namespace: ${name} }
status: { podIP: ${name === 'apps' ? '10.1.0.1' : '10.1.0.2'} }
`;
        })
        .join('---\n'),
    );
    const { layer, diagnostics } = importKubernetes([makeSource('server.yaml', text), others], { name: 'cluster' });
    expect(diagnostics.filter(({ severity }) => severity !== 'note')).toEqual([]);
    const { snapshot } = buildSnapshot([layer], { at: 0 });
    const names = makeQuestionNames([layer]);
    const verdict = (flow: string): string => {
      const { flow: question, diagnostics: wrong } = parseFlowQuestion(makeSource('flow', flow), names);
      if (question === null) throw new Error(wrong.map(({ message }) => message).join('; '));
      return explainFlow(snapshot.evaluator, question).verdict;
    };
    expect(verdict('apps/asker -> bulkhead/bulkhead on tcp/8440')).toBe('allow');
    expect(verdict('apps/asker -> bulkhead/bulkhead on tcp/22')).toBe('drop');
    expect(verdict('strangers/asker -> bulkhead/bulkhead on tcp/8440')).toBe('drop');
  });

  it('configure a server that asks everybody who they are', () => {
    const source = makeSource('server.yaml', ofKind('ConfigMap').data['server.yaml']);
    const { config, diagnostics } = parseServerConfig(source, '/etc/bulkhead/server.yaml');
    expect(diagnostics).toEqual([]);
    expect(config === null ? [] : checkAuth(config).filter((each) => hasErrors([each]))).toEqual([]);
    expect(config).toMatchObject({ auth: { loopback: [] }, data: '/var/lib/bulkhead' });
  });

  it('run it alone on its volume, without root and without a token', () => {
    const { spec } = ofKind('StatefulSet');
    const { spec: pod, metadata } = spec.template;
    const [container] = pod.containers;
    expect(spec.replicas).toBe(1);
    expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
    expect(ofKind('ServiceAccount').automountServiceAccountToken).toBe(false);
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const volumes = [...pod.volumes, ...spec.volumeClaimTemplates.map((claim: { metadata: object }) => claim.metadata)];
    const named = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();
    expect(named(container.volumeMounts)).toEqual(named(volumes));
    for (const { selector } of [spec, ofKind('PodDisruptionBudget').spec]) {
      expect(selector.matchLabels).toEqual(metadata.labels);
    }
    expect(ofKind('Service').spec.selector).toEqual(metadata.labels);
    expect(ofKind('NetworkPolicy').spec.podSelector.matchLabels).toEqual(metadata.labels);
  });
});

describe('the dashboard', () => {
  it('asks for metrics that a server has, by labels that they have', async () => {
    const server = await open(newFolder());
    await publish(server, { 'shop.seg': SHOP }, { inventory: MACHINES });
    await server.ask('POST', '/v1/decisions', { body: { source: 'web-01', destination: 'db-01', protocol: 'tcp' } });
    await server.ask('GET', '/v1/points');
    const { text } = await server.ask('GET', '/metrics');
    // A counter that nothing was counted in yet has its name alone.
    const exposed = new Set([...text.matchAll(/^(?:# TYPE )?([a-z_0-9]+)/gm)].map(([, name]) => name));
    const { panels } = JSON.parse(read('grafana/bulkhead.json'));
    // biome-ignore lint/suspicious/noExplicitAny: a dashboard.
    const queries: readonly string[] = panels.flatMap((panel: any) => panel.targets.map((target: any) => target.expr));
    const asked = queries.flatMap((query) => query.match(/bulkhead_[a-z_0-9]+/g) ?? []);
    expect(queries.length).toBeGreaterThan(10);
    expect(asked.length).toBeGreaterThanOrEqual(queries.length);
    expect(asked.filter((name) => !exposed.has(name))).toEqual([]);
    for (const name of [
      'decisions_total',
      'http_request_seconds',
      'changes_total',
      'feed_requests_total',
      'bundles_total',
    ]) {
      expect(asked.some((each) => each.startsWith(`bulkhead_${name}`))).toBe(true);
    }
  });
});

describe('the image and the unit', () => {
  const dockerfile = read('Dockerfile');

  it('are made of files that are there', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    expect(copied).toContain('deploy/health.mjs');
    expect(copied.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
    expect(dockerfile).toMatch(/^USER 65532:65532$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  });

  it('start what the package starts', () => {
    const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(dockerfile).toContain(`ENTRYPOINT ["node", "/opt/bulkhead/${bin.bulkhead}"]`);
    expect(read('systemd/bulkhead.service')).toContain(`/${bin.bulkhead} serve --config`);
  });
});
