// Plants faults in the evaluator, one at a time, and demands that comparing it with the naive evaluator finds each.
// A fault is a piece of text replaced while the program is bundled: no file is changed. Ends with 1 if a fault survives,
// or if its text is no longer there and so nothing was planted.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const WORLDS = 60;
const SEED = 7;

/** What goes wrong, in which file, and the text that makes it so. */
const FAULTS = [
  ['an expired rule goes on', 'compile/activity.ts', 'at >= options.until', 'false'],
  ['a window is open when it is closed', 'compile/activity.ts', '!windowContains(', 'windowContains('],
  ['a disabled rule matches', 'compile/activity.ts', 'if (options.disabled)', 'if (false)'],
  ['a staged rule matches', 'compile/activity.ts', 'if (options.staged)', 'if (false)'],
  ['higher priorities come first', 'compile/precedence.ts', 'number(a) - number(b)', 'number(b) - number(a)'],
  ['an in rule is judged at the source', 'compile/lower.ts', "out: rule.direction !== 'in'", 'out: true'],
  ['an out rule is judged at the destination', 'compile/lower.ts', "in: rule.direction !== 'out'", 'in: true'],
  ['the address family is ignored', 'compile/lower.ts', 'family: rule.family ?? policy.family', 'family: null'],
  ['what is opaque is certain', 'compile/lower.ts', 'opaque: rule.opaque ?? rule.service.opaque', 'opaque: null'],
  ['pass goes to the next tier only', 'compile/lower.ts', "tierIndex.get(rule.passTo ?? '') ?? tier + 1", 'tier + 1'],
  ['a port name means any of its ports', 'compile/named-ports.ts', 'port.name === named.name &&', ''],
  ['a maybe decides', 'evaluate/progress.ts', 'isCertain ? {', 'true ? {'],
  ['a default applies where nothing selects', 'evaluate/progress.ts', "applies === 'no'", 'false'],
  ['a tier drops what it does not decide', 'evaluate/progress.ts', "selected === 'no' ? inside :", ''],
  [
    'allow wins a tie',
    'evaluate/progress.ts',
    '{ drop: 0, reject: 1, unknown: 2, allow: 3,',
    '{ drop: 3, reject: 1, unknown: 2, allow: 0,',
  ],
  [
    'one open branch opens a tie',
    'evaluate/progress.ts',
    "outcome === 'open' ? intersect",
    "outcome === 'none' ? intersect",
  ],
  [
    'one layer is enough to allow',
    'evaluate/outcome.ts',
    'allow: intersectServices(a.allow, b.allow)',
    'allow: unionServices(a.allow, b.allow)',
  ],
  [
    'one point is enough to allow',
    'evaluate/outcome.ts',
    'allow: intersectServices(first.allow, second.allow)',
    'allow: unionServices(first.allow, second.allow)',
  ],
  [
    'except leaves nothing out',
    'graph/membership.ts',
    'triSubtract(nested(peer.of), nested(peer.except))',
    'nested(peer.of)',
  ],
  [
    'and between peers is or',
    'graph/membership.ts',
    'peer.of.map(nested).reduce(triIntersect, allOf(size))',
    'peer.of.map(nested).reduce(triUnion, noneOf(size))',
  ],
  ['not is lost', 'graph/membership.ts', 'triSubtract(allOf(size), nested(peer.of))', 'nested(peer.of)'],
  ['the internet is inside', 'graph/membership.ts', '!overlapsAddresses(', 'overlapsAddresses('],
  ['traffic of a workload to itself is judged', 'evaluate/evaluator.ts', 'a.endpoint === b.endpoint', 'false'],
  ['a resident host is judged', 'evaluate/evaluator.ts', 'layer.layer.dialect.residentHostExempt', 'false'],
  ['one backend speaks for all', 'evaluate/decide-service.ts', 'answer.verdict !== first.verdict', 'false'],
];

const folder = mkdtempSync(join(tmpdir(), 'bulkhead-faults-'));
try {
  const clean = await run(null);
  if (clean !== 0) {
    console.error('without any fault the two evaluators already differ');
    process.exitCode = 1;
  } else {
    let survived = 0;
    for (const fault of FAULTS) {
      const status = await run(fault);
      const isCaught = status === 1;
      if (!isCaught) survived++;
      console.log(`${isCaught ? 'caught  ' : 'SURVIVED'}  ${fault[0]}${status === 2 ? ' (its text is gone)' : ''}`);
    }
    console.log(`${FAULTS.length - survived} of ${FAULTS.length} faults caught by ${WORLDS} worlds`);
    if (survived > 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** 0: no difference found; 1: one found, or the program broke down; 2: the fault could not be planted. */
async function run(fault) {
  let isPlanted = fault === null;
  const outfile = join(folder, 'compare.mjs');
  const plant = {
    name: 'plant',
    setup(bundle) {
      if (fault === null) return;
      const target = resolve(root, 'src', fault[1]);
      bundle.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path !== target) return undefined;
        const text = readFileSync(path, 'utf8');
        isPlanted = text.includes(fault[2]);
        return { contents: text.replace(fault[2], () => fault[3]), loader: 'ts' };
      });
    },
  };
  await build({
    stdin: {
      contents: `import { compareWorlds } from './test/properties/compare.ts';
        const { mismatch } = compareWorlds(${WORLDS}, ${SEED});
        if (mismatch !== null) { console.log(mismatch); process.exitCode = 1; }`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'silent',
    plugins: [plant],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  if (!isPlanted) return 2;
  const { status, stdout } = spawnSync(process.execPath, [outfile], { encoding: 'utf8' });
  if (fault === null && status !== 0) console.error(stdout);
  return status === 0 ? 0 : 1;
}
