// Makes an estate out of a seed: applications in environments and regions, their workloads with twenty labels and
// addresses, and the groups, address sets, services and rules that a policy about them has. Plain data; seg.mjs
// writes it as text.
//
// Adversarial: addresses are dealt without regard to labels, many address sets cut them finely, and many groups select by
// labels that few workloads share, so that almost no two workloads are in the same groups.
import { makeRandom } from './random.mjs';
import { makeRules } from './rules.mjs';

export const ENVS = ['prod', 'staging', 'dev', 'lab'];
export const REGIONS = ['east', 'west', 'north', 'south', 'central', 'island'];
export const ROLES = ['web', 'api', 'worker', 'cache', 'db'];
const SYSTEMS = ['debian', 'rhel', 'windows', 'photon', 'bottlerocket'];
const KINDS = [...Array(12).fill('vm'), ...Array(5).fill('container'), 'pod-vm', 'pod-vm', 'instance'];

/** Keys beyond those that an application gives its workloads, with how many values each has. */
const MINOR_KEYS = ['ring', 'zone', 'cluster', 'project', 'release', 'stack', 'cost', 'shift', 'floor', 'contract'];
const MINOR_VALUES = 8;

const WELL_KNOWN = [
  22, 25, 53, 80, 88, 123, 135, 139, 389, 443, 445, 514, 636, 1433, 1521, 3128, 3268, 3306, 3389, 5432, 5671, 5985,
  6379, 8080, 8443, 9042, 9092, 9200, 10250, 27017,
];
const SERVICES = 200;

export function makeEstate({ workloads: workloadCount, rules: ruleCount, seed, adversarial }) {
  const random = makeRandom(seed);
  const groupCount = Math.max(40, Math.round(ruleCount / 5));
  const appCount = Math.max(20, Math.min(Math.round(workloadCount / 60), Math.round(groupCount * 0.35)));
  const apps = Array.from({ length: appCount }, (_, i) => makeApp(`app-${i}`, random));
  const workloads = makeWorkloads(workloadCount, apps, random, adversarial);
  const addressSets = makeAddressSets(groupCount, workloads, random, adversarial);
  const groups = makeGroups(groupCount - addressSets.length, workloads, random, adversarial);
  const services = makeServices(random);
  const labels = new Map();
  for (const { labels: own } of workloads) {
    for (const [key, value] of own) labels.set(key, (labels.get(key) ?? new Set()).add(value));
  }
  const policies = makeRules({ ruleCount, apps, groups, addressSets, services, random });
  return { apps, workloads, addressSets, groups, services, labels, policies, hosts: Math.ceil(workloadCount / 40) };
}

function makeApp(name, random) {
  const roles = ROLES.slice(0, 1 + random.below(ROLES.length));
  const envs = ENVS.filter((_, i) => i === 0 || random.oneIn(2));
  const regions = [...new Set([random.pick(REGIONS), random.pick(REGIONS)])];
  return {
    name,
    roles,
    envs,
    regions,
    labels: [
      ['unit', `unit-${random.below(20)}`],
      ['team', `team-${random.below(40)}`],
      ['compliance', random.oneIn(10) ? random.pick(['pci', 'health']) : 'none'],
      ['criticality', `c${random.below(4)}`],
      ['data', random.pick(['public', 'internal', 'secret'])],
    ],
    systems: ROLES.map(() => random.pick(SYSTEMS)),
  };
}

function makeWorkloads(count, apps, random, adversarial) {
  const drafts = Array.from({ length: count }, () => {
    const app = random.pick(apps);
    const role = random.below(app.roles.length);
    return { app, role, env: random.pick(app.envs), region: random.pick(app.regions) };
  });
  // Neighbours in the address plan are neighbours in the organisation, unless nothing is.
  const order = drafts.map((_, i) => i);
  const rank = ({ app, role, env, region }) => `${region} ${env} ${app.name} ${role}`;
  if (!adversarial) order.sort((a, b) => (rank(drafts[a]) < rank(drafts[b]) ? -1 : 1));
  const filled = new Map();
  const workloads = new Array(count);
  for (const i of order) {
    const { app, role, env, region } = drafts[i];
    const segment = adversarial ? `net-${random.pick(REGIONS)}-${random.pick(ENVS)}` : `net-${region}-${env}`;
    const take = () => {
      const next = (filled.get(segment) ?? 10) + 1;
      filled.set(segment, next);
      return next;
    };
    const dual = random.oneIn(5);
    const nics = Array.from({ length: random.oneIn(33) ? 2 : 1 }, () => ({ segment, offset: take(), dual }));
    workloads[i] = {
      id: `w-${i}`,
      kind: random.pick(KINDS),
      app: app.name,
      role: ROLES[role],
      env,
      region,
      nics,
      labels: [
        ['app', app.name],
        ['env', env],
        ['role', ROLES[role]],
        ['region', region],
        ['os-family', app.systems[role]],
        ...app.labels,
        ...MINOR_KEYS.map((key) => [key, `${key}-${random.below(MINOR_VALUES)}`]),
      ],
    };
  }
  return workloads;
}

/** Number of a segment in the address plan: 10.NUMBER.0.0/16 and fd00:10:NUMBER::/64. */
export function segmentNumber(region, env) {
  return 8 * REGIONS.indexOf(region) + ENVS.indexOf(env) + 1;
}

export function segmentOf(name) {
  const [, region, env] = name.split('-');
  return segmentNumber(region, env);
}

export function addressOf({ segment, offset }) {
  return `10.${segmentOf(segment)}.${offset >> 8}.${offset & 255}`;
}

function makeAddressSets(groupCount, workloads, random, adversarial) {
  const count = Math.round(groupCount * (adversarial ? 0.4 : 0.1));
  return Array.from({ length: count }, (_, i) => {
    const own = adversarial || random.oneIn(4);
    const items = Array.from({ length: 1 + random.below(6) }, () => {
      if (!own) return cidr(random.below(2 ** 31) * 2, 12 + random.below(17));
      const [nic] = random.pick(workloads).nics;
      const base = ((10 << 24) | (segmentOf(nic.segment) << 16) | nic.offset) >>> 0;
      return cidr(base, adversarial ? 23 + random.below(8) : 20 + random.below(8));
    });
    if (random.oneIn(5)) items.push(own ? `fd00:10:${1 + random.below(48)}::/64` : `2001:db8:${i.toString(16)}::/48`);
    return { name: `nets-${i}`, items: [...new Set(items)], own };
  });
}

function cidr(address, length) {
  const base = length === 0 ? 0 : (address & (-1 << (32 - length))) >>> 0;
  return `${base >>> 24}.${(base >>> 16) & 255}.${(base >>> 8) & 255}.${base & 255}/${length}`;
}

/** Groups are modelled on a workload that exists, so that none is empty. */
function makeGroups(count, workloads, random, adversarial) {
  const groups = ENVS.map((env) => ({ name: `env-${env}`, about: 'env', where: [['env', env]], app: null }));
  const seen = new Set();
  for (let tries = 0; groups.length < count && tries < 50 * count; tries++) {
    const model = random.pick(workloads);
    const label = (key) => model.labels.find(([own]) => own === key);
    const choice = random.below(adversarial ? 16 : 11);
    const minor = () => label(random.pick(MINOR_KEYS));
    const where =
      choice < 3
        ? ['app'].map(label)
        : choice < 6
          ? ['app', 'role'].map(label)
          : choice < 10
            ? ['app', 'role', 'env'].map(label)
            : choice === 10
              ? [label(random.pick(['region', 'os-family', 'unit', 'team', 'compliance', 'data', 'criticality']))]
              : [...new Map([minor(), minor(), minor()])];
    const text = where.map((pair) => pair.join(' ')).join(' ');
    if (seen.has(text)) continue;
    seen.add(text);
    const about = choice < 3 ? 'app' : choice < 10 ? 'part' : 'wide';
    groups.push({ name: `group-${groups.length}`, about, where, app: about === 'wide' ? null : model.app });
  }
  return groups;
}

function makeServices(random) {
  return Array.from({ length: SERVICES }, (_, i) => {
    const from = random.oneIn(10) ? ' from 1024-65535' : '';
    const items = Array.from({ length: 1 + random.below(5) }, () => {
      const protocol = random.oneIn(5) ? 'udp' : 'tcp';
      if (random.oneIn(6)) {
        const low = 1024 + random.below(50_000);
        return `${protocol}/${low}-${Math.min(65_535, low + random.below(2000))}${from}`;
      }
      return `${protocol}/${random.below(3) > 0 ? random.pick(WELL_KNOWN) : 1024 + random.below(20_000)}${from}`;
    });
    if (random.oneIn(15)) items.push('icmp/echo-request', 'icmp6/echo-request');
    return { name: `service-${i}`, items: [...new Set(items)] };
  });
}
