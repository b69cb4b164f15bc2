// How long reading takes, in one process: manifests of a cluster in YAML, by the reader of plain YAML and by the yaml
// package alone, and the same documents as JSON; and what of them the Kubernetes importer makes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { makeRandom } from './lib/random.mjs';
import { describeMachine, printTable } from './lib/table.mjs';

export const defaults = { workloads: 5000, rules: 1000 };

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const ROUNDS = 3;

const PARTS = `
export { readDocuments } from './src/importers/document.ts';
export { importKubernetes } from './src/importers/kubernetes/import-kubernetes.ts';
export { readYaml } from './src/importers/yaml/read-yaml.ts';
export { stringify } from 'yaml';
`;

export async function run(options) {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  try {
    const outfile = join(folder, 'parts.mjs');
    await build({
      stdin: { contents: PARTS, resolveDir: ROOT, loader: 'ts' },
      bundle: true,
      platform: 'node',
      target: 'node20.19',
      format: 'esm',
      outfile,
      logLevel: 'warning',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    return compare(await import(pathToFileURL(outfile).href), options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare({ readDocuments, importKubernetes, readYaml, stringify }, { workloads, rules, seed }) {
  const random = makeRandom(seed);
  const objects = [
    ...Array.from({ length: workloads }, (_, i) => pod(i, random)),
    ...Array.from({ length: rules }, (_, i) => policy(i, random)),
  ];
  const yaml = objects.map((object) => stringify(object)).join('---\n');
  const json = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }, null, 2);
  const values = ({ documents }) => documents.map(({ value }) => value);
  const source = (name, text) => ({ name, text });
  const timed = [
    ['YAML, as the program reads it', () => values(readDocuments(source('a.yaml', yaml)))],
    ['YAML, by the package alone', () => values(readYaml(yaml, 100))],
    ['JSON, as the program reads it', () => values(readDocuments(source('a.json', json)))[0].items],
    ['YAML to a layer', () => importKubernetes([source('a.yaml', yaml)], { name: 'cluster' }).layer.world.workloads],
  ].map(([name, work]) => ({ name, ...best(work) }));
  console.log(describeMachine());
  const size = (text) => `${(text.length / 2 ** 20).toFixed(1)} MiB`;
  console.log(
    `${workloads} pods and ${rules} network policies: ${size(yaml)} of YAML, ${size(json)} of JSON, seed ${seed}\n`,
  );
  const [plain] = timed;
  printTable([
    [`best of ${ROUNDS}`, 'ms', 'times the first'],
    ...timed.map(({ name, ms }) => [name, ms.toFixed(0), (ms / plain.ms).toFixed(1)]),
  ]);
  const expected = JSON.stringify(objects);
  if (timed.slice(0, 3).every(({ result }) => JSON.stringify(result) === expected)) return 0;
  process.stderr.write('they did not read the same\n');
  return 1;
}

function best(work) {
  let ms = Number.POSITIVE_INFINITY;
  let result;
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    result = work();
    ms = Math.min(ms, performance.now() - started);
  }
  return { ms, result };
}

/** As `kubectl get -o yaml` shows one, shortened to what most pods have. */
function pod(i, random) {
  const app = `app-${random.below(40)}`;
  const node = `node-${i % 100}`;
  const ip = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
  const probe = () => ({
    httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP' },
    periodSeconds: 10,
    failureThreshold: 3,
  });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${app}-7d9c5b6f4-${i}`,
      namespace: `team-${i % 50}`,
      creationTimestamp: '2026-10-01T08:00:00Z',
      labels: { app, 'app.kubernetes.io/name': app, 'pod-template-hash': `7d9c5b6f${i % 10}`, tier: random.pick(['web', 'api', 'db']) }, // biome-ignore format: one line
      annotations: { 'prometheus.io/scrape': 'true', 'checksum/config': `sha256:${i.toString(16).padStart(32, '0')}` },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-7d9c5b6f4`, controller: true }],
    },
    spec: {
      nodeName: node,
      serviceAccountName: 'default',
      containers: [
        {
          name: 'main',
          image: `registry.example/${app}:1.${i % 20}.0`,
          args: ['--listen=:8080', '--log-level=info'],
          env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } }],
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
          resources: { limits: { memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
          livenessProbe: probe(),
          readinessProbe: probe(),
          volumeMounts: [{ mountPath: '/var/run/secrets', name: 'token', readOnly: true }],
        },
      ],
      tolerations: [
        { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 },
      ],
      volumes: [
        { name: 'token', projected: { defaultMode: 420, sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } },
      ],
    },
    status: {
      phase: 'Running',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({ type, status: 'True' })),
      hostIP: `192.168.0.${i % 100}`,
      podIP: ip,
      podIPs: [{ ip }],
    },
  };
}

function policy(i, random) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `allow-${i}`, namespace: `team-${i % 50}` },
    spec: {
      podSelector: { matchLabels: { app: `app-${random.below(40)}` } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { tier: 'web' } } }, { ipBlock: { cidr: '10.0.0.0/8' } }],
          ports: [{ port: 'http' }],
        },
      ],
    },
  };
}
