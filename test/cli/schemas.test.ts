// Every document that a command writes is what its schema says, and the same bytes each time.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openStore } from '../../src/store/sqlite/open.ts';
import { draft } from '../kit/stores.ts';
import { bulkhead, makeFolder } from './program.ts';
import { AT, SHOP } from './shop.ts';

const SCHEMAS = 'docs/schemas';
const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true, formats: { 'date-time': isInstant } });
const names = readdirSync(SCHEMAS);
for (const name of names) ajv.addSchema(JSON.parse(readFileSync(`${SCHEMAS}/${name}`, 'utf8')));

function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

function problemsOf(format: string, document: unknown): unknown {
  const validate = ajv.getSchema(format);
  if (validate === undefined) return `there is no schema of ${format}`;
  return validate(document) ? null : validate.errors;
}

/** Everything that a document can show: owners, hosts, service addresses, ICMP, unknowns, families, failed tests. */
const RICH: Readonly<Record<string, string>> = {
  ...SHOP,
  'policies/rich.seg': `language 1
site here : on-prem { domain d }
tier0 t0 in here { uplink 192.0.2.1/30 }
tier1 t1 { connects t0 }
segment wide in here { vni 7  subnet 10.20.0.1/24, 2001:db8::1/64  on t1 }
host h-1 in here { tep 172.16.0.1 }
vm both on h-1 { nic wide 10.20.0.5 2001:db8::5  nic shop-net 10.10.1.99  labels app=shop tier=db }
policy rich in application priority 200 {
  allow pings:  web -> db on icmp/8, icmp6/128, proto/47  stateless
  allow some6:  vms -> db on udp/1-9 from 1024-65535  ipv6
  allow fqdns:  web -> fqdn "*.example.org" on tcp/443
}
test "fails" { allow db -> web on any }
test "later" { set web-01 labels tier=db; deny db -> web on tcp/9 }
invariant "broken" {
  never web -> db
  no path internet -> db
  only web -> (vms where name == gone) on tcp/1
}
budget "small" { reach of web <= 0 }
change "opens more" { remove rule shop.no-db; opens web -> db on tcp/9 }
test "empty" { allow (vms where name == gone) -> web on any }
`,
  'cluster/deploy.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: c, image: i, ports: [{ containerPort: 80, name: http }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{ ports: [{ port: http }] }] }
`,
  'other/compose.yaml': 'services: {}\n',
  'bundle.json': JSON.stringify({
    ...{ format: 'bulkhead.bundle/1', kind: 'snapshot', point: 'esx-17', revision: 'r1', seq: 1 },
    digest: 'sha256:eb1dc5820b5738f9c4a6a1c44c00d92b4023463dcbbbf784ca650c64295fffda',
    content: { groups: [], layers: [], places: [], rules: [] },
  }),
};

const CHANGED = Object.entries(RICH).flatMap(([path, text]) =>
  path.startsWith('policies/')
    ? [[path.replace('policies/', 'changed/'), text.replace('web -> db on icmp/8', 'db -> web on icmp/8')]]
    : [],
);
const PASSING = Object.entries(SHOP).map(([path, text]) => [path.replace('policies/', 'passing/'), text]);
/** Without what fails: nothing else can be mutated. */
const HELD = Object.entries(SHOP).map(([path, text]) => [path.replace('policies/', 'held/'), text] as const);
const cwd = makeFolder({ ...Object.fromEntries(HELD), ...RICH, ...Object.fromEntries([...CHANGED, ...PASSING]) });
const store = await openStore({ folder: join(cwd, 'data') });
await store.appendAudit(draft('server.start'));
await store.close();
const DATA = ['--data', 'data'];
const LAYERS = ['policies', 'cluster'];
const IN = LAYERS.flatMap((path) => ['--in', path]);

describe('documents', () => {
  it.each([
    ['bulkhead.audit-check/1', ['audit', 'verify', ...DATA]],
    ['bulkhead.audit-check/1', ['audit', 'verify', '--head', '0'.repeat(64), ...DATA]],
    ['bulkhead.check/1', ['check', ...LAYERS]],
    ['bulkhead.check/1', ['check', 'policies', 'other', 'nowhere']],
    ['bulkhead.ci/1', ['ci', 'policies']],
    ['bulkhead.ci/1', ['ci', 'policies', 'nowhere']],
    ['bulkhead.diagnostics/1', ['flows', 'nowhere']],
    ['bulkhead.diagnostics/1', ['flows', '--bogus']],
    ['bulkhead.diff/1', ['diff', 'policies', 'changed']],
    ['bulkhead.diff/1', ['diff', 'cluster', 'policies', '--by', 'workload']],
    ['bulkhead.equiv/1', ['equiv', 'policies', 'changed']],
    ['bulkhead.equiv/1', ['equiv', 'policies', 'policies']],
    ['bulkhead.expiring/1', ['expiring', 'policies', '--until', '2028-01-01']],
    ['bulkhead.feed/1', ['feed', 'web', 'workloads', '--profile', 'checkpoint', '--max-entries', '9', ...IN]],
    ['bulkhead.feed/1', ['feed', 'shop/cart', '--family', '6', '--use', 'deny', '--may-be-empty', ...IN]],
    ['bulkhead.keys/1', ['keys', 'new', '--keys', 'made']],
    ['bulkhead.keys/1', ['keys', 'rotate', '--keys', 'made']],
    ['bulkhead.verified/1', ['bundle', 'verify', 'bundle.json', '--allow-unsigned']],
    ['bulkhead.flows/1', ['flows', ...LAYERS]],
    ['bulkhead.flows/1', ['flows', ...LAYERS, '--by', 'group']],
    ['bulkhead.flows/1', ['flows', ...LAYERS, '--by', 'class']],
    ['bulkhead.graph/1', ['graph', ...LAYERS]],
    ['bulkhead.path/1', ['path', 'web-01', 'db', ...IN]],
    ['bulkhead.path/1', ['path', 'db-01', 'internet', 'icmp', '--hops', '2', ...IN]],
    ['bulkhead.reach/1', ['reach', 'from', 'internet', '--cut', ...IN]],
    ['bulkhead.reach/1', ['reach', 'to', 'db', 'tcp/5432', '--cut', ...IN]],
    ['bulkhead.reach/1', ['reach', 'from', 'shop/cart', 'to', 'web-01', '--cut', ...IN]],
    ['bulkhead.lint/1', ['lint', ...LAYERS]],
    ['bulkhead.store/1', ['store', 'check', ...DATA]],
    ['bulkhead.suggest/1', ['suggest', 'web-01', 'db-01', 'tcp/22', ...IN]],
    ['bulkhead.suggest/1', ['suggest', 'db-01', 'web-01', 'tcp/22', 'policies']],
    ['bulkhead.suggest/1', ['suggest', 'web-01 -> db-01 on tcp/5432', 'policies', '--deny']],
    ['bulkhead.suggest/1', ['suggest', 'web-01', 'web-01', 'tcp/22', 'policies', '--deny']],
    ['bulkhead.report/1', ['report', ...LAYERS]],
    ['bulkhead.report/1', ['report', 'passing', '--until', '2027-06-30']],
    ['bulkhead.coverage/1', ['test', 'held', '--coverage']],
    ['bulkhead.mutation/1', ['test', 'held', '--mutate']],
    ['bulkhead.proposed-tests/1', ['suggest', '--tests', 'held']],
    ['bulkhead.test/1', ['test', 'policies']],
    ['bulkhead.fabric/1', ['fabric', 'tables', 'policies']],
    ['bulkhead.trace/1', ['trace', 'web-01', 'both/eth0', 'tcp/22', ...IN]],
    ['bulkhead.trace/1', ['trace', '198.51.100.7 -> both/eth0 on icmp/8/0', ...IN]],
    [
      'bulkhead.what-if/1',
      ['what-if', '-e', 'add to shop: allow x: web -> db on tcp/9', '-e', 'clone db-01 as d', ...IN],
    ],
    ['bulkhead.what-if/1', ['what-if', '-e', 'disable policy shop', '-e', 'at 2027-01-01', ...IN]],
    ['bulkhead.why/1', ['why', 'web-01', 'db-01', 'tcp/22', ...IN]],
    ['bulkhead.why/1', ['why', 'web-01', 'both', 'icmp/8/0', ...IN]],
    ['bulkhead.why/1', ['why', 'web-01 -> 198.51.100.7 on tcp/443', ...IN]],
    ['bulkhead.why/1', ['why', 'web-01', 'shop/cart', 'icmp/8/0', ...IN]],
  ])('%s: %j', (format, words) => {
    const run = bulkhead([...words, '-f', 'json', '--at', AT], { cwd });
    const document = JSON.parse(run.stdout);
    expect(document.format).toBe(format);
    expect(problemsOf(format, document)).toBeNull();
  });

  it.each([['check'], ['flows', '--by', 'owner'], ['graph'], ['test']])(
    'of `%s` are the same bytes each time',
    (...words) => {
      const [first, second] = [1, 2].map(
        () => bulkhead([...words, ...LAYERS, '-f', 'json', '--at', AT], { cwd }).stdout,
      );
      expect(second).toBe(first);
      expect(JSON.parse(first ?? '')).not.toHaveProperty('format', 'bulkhead.diagnostics/1');
    },
  );

  it('are all described: there is a schema for each, and each is for one', () => {
    const formats = [
      'audit-check',
      'baseline',
      'check',
      'ci',
      'config',
      'coverage',
      'diagnostics',
      'diff',
      'equiv',
      'expiring',
      'fabric',
      'feed',
      'flows',
      'graph',
      'inventory',
      'keys',
      'lint',
      'mutation',
      'path',
      'proposed-tests',
      'reach',
      'report',
      'store',
      'suggest',
      'test',
      'trace',
      'verified',
      'what-if',
      'why',
    ];
    expect(names).toEqual(formats.map((name) => `bulkhead.${name}-1.schema.json`));
  });
});

describe('a schema', () => {
  it('refuses what is not such a document', () => {
    for (const name of names) {
      const { $id } = JSON.parse(readFileSync(`${SCHEMAS}/${name}`, 'utf8'));
      expect(problemsOf($id, { format: $id, extra: 1 })).not.toBeNull();
    }
  });

  it('of bulkhead.yaml takes what the program takes', () => {
    const good =
      'version: 1\nlayers: [p]\nworld: w\ndialect: d\nlint: { a/b: off }\nbase: m\nbaseline: b\nbudgets: { x: 1 }\n';
    expect(problemsOf('bulkhead.yaml/1', parse(good))).toBeNull();
    for (const bad of ['version: 2', 'layers: [p]', 'version: 1\nlayer: [p]', 'version: 1\nlayers: []']) {
      expect(problemsOf('bulkhead.yaml/1', parse(bad))).not.toBeNull();
    }
  });
});
