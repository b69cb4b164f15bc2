// `npm run bench -- NAME [options]`: finds the benchmark of that name and runs it with its options.
// Benchmarks print what they measured and judge nothing: no test depends on a time.
import { parseArgs } from 'node:util';

const BENCHMARKS = {
  world: () => import('./world.mjs'),
  cluster: () => import('./cluster.mjs'),
  decide: () => import('./decide.mjs'),
  lint: () => import('./lint.mjs'),
  mutate: () => import('./mutate.mjs'),
  edits: () => import('./edits.mjs'),
  read: () => import('./read.mjs'),
  diff: () => import('./diff.mjs'),
  overlay: () => import('./overlay.mjs'),
  proof: () => import('./proof.mjs'),
  server: () => import('./server.mjs'),
};

const USAGE = `npm run bench -- NAME [options]

world    a generated estate through the command line: check, flows, start-up
cluster  a generated Kubernetes dump through the command line: check, flows by owner, 10,000 questions
decide   verdicts per second, in one process, against the naive evaluator of the tests
lint     how long every rule takes to be called live, needed or neither, against every pair of addresses
mutate   mutants of the bundled policies tried per second, against compiling and testing each from nothing
read     manifests of a cluster in YAML and JSON, against the yaml package
diff     the diff of one edit, in one process, against a full comparison
overlay  packets walked through a fabric per second, on one core
proof    invariants, reach and cuts, in one process, against the table of all flows
server   decisions per second of a server under load, beside a bare route and beside Cedar on an equivalent policy
edits    one edit, kept up with and asked about, against everything from nothing

  --workloads N   how many workloads are generated (world, edits and server: 10000, cluster: 5000, decide: 1000, lint: 2000)
  --rules N       how many rules, or NetworkPolicies (world, cluster, edits and server: 1000, decide: 300, lint: 10000)
  --seed N        another estate of the same kind (1)
  --adversarial   addresses that have nothing to do with labels, and labels that few workloads share
  --keep          leave the generated files, and say where (world, cluster)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h' },
    workloads: { type: 'string' },
    rules: { type: 'string' },
    seed: { type: 'string', default: '1' },
    adversarial: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

const [name, ...rest] = positionals;
const load = Object.hasOwn(BENCHMARKS, name ?? '') ? BENCHMARKS[name] : null;
if (values.help || load === null || rest.length > 0) {
  (values.help ? process.stdout : process.stderr).write(USAGE);
  process.exit(values.help ? 0 : 2);
}

const { run, defaults } = await load();
const count = (text, fallback) => {
  const number = Number(text ?? fallback);
  if (Number.isSafeInteger(number) && number > 0) return number;
  process.stderr.write(`\`${text}\` is not a number of things\n`);
  process.exit(2);
};
process.exitCode = await run({
  workloads: count(values.workloads, defaults.workloads),
  rules: count(values.rules, defaults.rules),
  seed: count(values.seed, 1),
  adversarial: values.adversarial,
  keep: values.keep,
});
