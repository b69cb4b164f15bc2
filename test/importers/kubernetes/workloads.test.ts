// Which workloads there are: pods of a dump as they are, else one for each controller.
import { describe, expect, it } from 'vitest';
import { load, said, sayAll, workloadsOf } from './kit.ts';

const template = 'template: {metadata: {labels: {app: bench}}, spec: {containers: [{name: main}]}}';
const controller = (kind: string, spec: string, more = ''): string => `---
apiVersion: ${kind.endsWith('Job') ? 'batch/v1' : kind === 'ReplicationController' ? 'v1' : 'apps/v1'}
kind: ${kind}
metadata: {name: bench, namespace: workshop${more}}
spec: {${spec}}
`;
const pod = (name: string, metadata: string, more = ''): string => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: workshop, ${metadata}}
spec: {containers: [{name: main}]}
${more}
`;
const owned = (kind: string, name: string): string =>
  `ownerReferences: [{kind: ${kind}, name: ${name}, controller: true}]`;

describe('manifests', () => {
  it.each(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ReplicationController'])(
    'a %s is one workload, whatever the number of its replicas',
    (kind) => {
      expect(workloadsOf(controller(kind, `replicas: 3, ${template}`))).toEqual([
        `workshop/bench ${kind}/bench app=bench`,
      ]);
    },
  );

  it('a CronJob is one workload, and a Job gives its pods its name', () => {
    expect(workloadsOf(controller('CronJob', `jobTemplate: {spec: {${template}}}`))).toEqual([
      'workshop/bench CronJob/bench app=bench',
    ]);
    expect(workloadsOf(controller('Job', template))).toEqual([
      'workshop/bench Job/bench app=bench job-name=bench batch.kubernetes.io/job-name=bench',
    ]);
  });

  it('a pod by itself has no owner', () => {
    expect(workloadsOf(pod('bench-0', 'labels: {app: bench}'))).toEqual(['workshop/bench-0 app=bench']);
  });

  it('ports have names; those of init containers count if they keep running', () => {
    const containers = `containers: [{name: a, ports: [{name: http, containerPort: 80}, {containerPort: 81}]}],
      initContainers: [{name: b, restartPolicy: Always, ports: [{name: dns, containerPort: 53, protocol: UDP}]},
        {name: c, ports: [{name: gone, containerPort: 1}]}]`;
    expect(workloadsOf(controller('Deployment', `template: {spec: {${containers}}}`))).toEqual([
      'workshop/bench Deployment/bench http:80/tcp dns:53/udp',
    ]);
  });

  it('what has no replicas or is finished is left out, and said', () => {
    const text =
      controller('Deployment', `replicas: 0, ${template}`) +
      controller('Job', `${template}}\nstatus: {completionTime: now`);
    expect(workloadsOf(text)).toEqual([]);
    expect(sayAll(text)).toContain('note not-running: left out: 2 controllers without pods [bench]');
  });

  it('old groups and lists without kinds are understood', () => {
    const old = controller('Deployment', template).replace('apps/v1', 'extensions/v1beta1');
    expect(workloadsOf(old)).toEqual(['workshop/bench Deployment/bench app=bench']);
    expect(
      workloadsOf('{"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "p", "namespace": "n"}}]}'),
    ).toEqual(['n/p']);
  });

  it('without a namespace they are in `default`, which is said once', () => {
    const text = `${pod('a', '').replace('namespace: workshop, ', '')}${pod('b', '').replace('namespace: workshop, ', '')}`;
    expect(workloadsOf(text)).toEqual(['default/a', 'default/b']);
    expect(sayAll(text)).toEqual([
      'note default-namespace: objects that name no namespace are taken into `default` [a]',
    ]);
  });

  it('two of one name are told apart by kind', () => {
    const text = controller('Deployment', template) + controller('StatefulSet', template);
    expect(workloadsOf(text)).toEqual([
      'workshop/bench Deployment/bench app=bench',
      'workshop/statefulset/bench StatefulSet/bench app=bench',
    ]);
    expect(said(text)).toHaveLength(1);
  });
});

describe('the dump of a cluster', () => {
  const replicaSet = controller('ReplicaSet', template, `, ${owned('Deployment', 'bench')}`).replace(
    'name: bench,',
    'name: bench-5c8,',
  );
  const pods =
    pod('bench-5c8-x', owned('ReplicaSet', 'bench-5c8')) + pod('bench-5c8-y', owned('ReplicaSet', 'bench-5c8'));

  it('pods know the controller that a person wrote, and controllers are not counted again', () => {
    expect(workloadsOf(controller('Deployment', template) + replicaSet + pods)).toEqual([
      'workshop/bench-5c8-x Deployment/bench',
      'workshop/bench-5c8-y Deployment/bench',
    ]);
  });

  it('a ReplicaSet that is not in the dump is known by the hash of its template', () => {
    const text = pod('bench-5c8-x', `${owned('ReplicaSet', 'bench-5c8')}, labels: {pod-template-hash: 5c8}`);
    expect(workloadsOf(text)).toEqual(['workshop/bench-5c8-x Deployment/bench pod-template-hash=5c8']);
  });

  it('a controller counts where its pods are not in the dump', () => {
    expect(workloadsOf(controller('Deployment', template) + replicaSet)).toEqual([
      'workshop/bench Deployment/bench app=bench',
    ]);
  });

  it('a circle of owners ends', () => {
    const circle = controller('ReplicaSet', template, `, ${owned('ReplicaSet', 'bench')}`);
    expect(workloadsOf(circle + pod('x', owned('ReplicaSet', 'bench')))).toEqual(['workshop/x ReplicaSet/bench']);
  });

  it('a static pod has no owner, though its node claims it', () => {
    expect(workloadsOf(pod('static', owned('Node', 'n1')))).toEqual(['workshop/static']);
  });

  it('addresses and nodes come from the status', () => {
    const status = 'status: {phase: Running, hostIP: 192.168.7.1, podIPs: [{ip: 10.7.0.1}, {ip: "fd00::1"}]}';
    const text = pod('bench-0', '', status).replace('spec: {', 'spec: {nodeName: n1, ');
    expect(workloadsOf(text)).toEqual(['workshop/bench-0 @n1 10.7.0.1 fd00::1']);
    expect(load(text).layer.world.hosts.map(({ id, addresses }) => [id, addresses.length])).toEqual([['n1', 1]]);
  });

  it('pods that have ended are left out, and so is the job that they were for', () => {
    const text = controller('Job', template) + pod('bench-x', owned('Job', 'bench'), 'status: {phase: Succeeded}');
    expect(workloadsOf(text)).toEqual([]);
    expect(sayAll(text)).toContain('note not-running: left out: 1 ended pod [bench-x]');
  });

  it('a pod on the network of its node is that node', () => {
    const { world } = load(pod('agent', '').replace('spec: {', 'spec: {nodeName: n1, hostNetwork: true, ')).layer;
    expect(world.workloads).toEqual([]);
    expect(world.hostAliases.map(({ id, host }) => [id, host])).toEqual([['workshop/agent', 'n1']]);
  });
});

describe('namespaces', () => {
  const labelsOf = (text: string): readonly string[] =>
    load(text).layer.world.namespaces.map(
      ({ id, labels }) => `${id}: ${[...labels].map((entry) => entry.join('=')).join(' ')}`,
    );

  it('have their name as a label', () => {
    expect(labelsOf('{apiVersion: v1, kind: Namespace, metadata: {name: workshop, labels: {area: staff}}}')).toEqual([
      'workshop: area=staff kubernetes.io/metadata.name=workshop',
    ]);
  });

  it('that are only used have nothing else, which is said', () => {
    expect(labelsOf(pod('bench-0', ''))).toEqual(['workshop: kubernetes.io/metadata.name=workshop']);
    expect(sayAll(pod('bench-0', ''))).toEqual([
      'note undeclared-namespace: no labels are known of the namespace `workshop` [bench-0]',
    ]);
  });
});

describe('objects', () => {
  it('that are equal are a warning, those that differ an error; annotations do not count', () => {
    const namespace = (more: string): string =>
      `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: workshop, ${more}}\n`;
    expect(said(namespace('') + namespace('annotations: {a: b}'))).toEqual([
      'warning repeated: the `Namespace` `workshop` is given twice [workshop]',
    ]);
    expect(said(namespace('') + namespace('labels: {a: b}'))).toEqual([
      'error duplicate: the `Namespace` `workshop` is given twice, with different contents [workshop]',
    ]);
  });

  it('of unknown kinds are said once a kind, of idle kinds once together', () => {
    const make = (apiVersion: string, kind: string, name: string): string =>
      `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\n`;
    const text =
      make('v1', 'Secret', 'a') +
      make('v1', 'ConfigMap', 'b') +
      make('v1', 'Secret', 'c') +
      make('x.org/v1', 'Thing', 'd') +
      make('x.org/v1', 'Thing', 'e');
    expect(sayAll(text)).toEqual([
      'warning unknown-kind: 2 `Thing` of `x.org/v1` are left out: the kind is not known [Thing]',
      'note left-out: left out, as no verdict depends on them: 2 `Secret`, 1 `ConfigMap` [Secret]',
    ]);
  });

  it.each([
    ['cilium.io/v2', 'CiliumNetworkPolicy', 'Cilium'],
    ['projectcalico.org/v3', 'GlobalNetworkPolicy', 'Calico'],
    ['crd.projectcalico.org/v1', 'NetworkPolicy', 'Calico'],
    ['crd.antrea.io/v1beta1', 'ClusterNetworkPolicy', 'Antrea'],
    ['security.istio.io/v1', 'AuthorizationPolicy', 'Istio'],
    ['policy.networking.k8s.io/v1alpha2', 'SomethingNew', 'the network policy API'],
  ])('of %s %s are refused, unless they are to be ignored', (apiVersion, kind, by) => {
    const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n`;
    expect(said(text)).toEqual([`error foreign-policy: 1 \`${kind}\` of ${by} is not understood [${kind}]`]);
    expect(said(text, { ignoreForeignPolicies: true })).toEqual([
      `warning foreign-policy: 1 \`${kind}\` of ${by} is not understood, and ignored [${kind}]`,
    ]);
  });
});
