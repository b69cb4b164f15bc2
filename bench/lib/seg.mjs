// Writes an estate as a policy root: labels, definitions and policies in one file, the world in files of a few thousand
// workloads each, as an estate of that size is kept.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, ENVS, REGIONS, segmentNumber, segmentOf } from './estate.mjs';

const WORKLOADS_A_FILE = 2500;

/** Name → text of every file. */
export function estateToSeg(estate) {
  const files = new Map([
    ['policies.seg', policiesText(estate)],
    ['world-places.seg', placesText(estate)],
  ]);
  for (let i = 0; i < estate.workloads.length; i += WORKLOADS_A_FILE) {
    const some = estate.workloads.slice(i, i + WORKLOADS_A_FILE);
    files.set(
      `world-${i / WORKLOADS_A_FILE}.seg`,
      lines(some.map((item, at) => workloadText(item, i + at, estate.hosts))),
    );
  }
  return files;
}

export function writeFiles(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}

const lines = (items) => `${items.join('\n')}\n`;

function policiesText({ labels, addressSets, groups, services, policies }) {
  let rules = 0;
  return lines([
    'language 1',
    'tiers {',
    ...['emergency', 'infrastructure', 'environment', 'application', 'baseline default drop'].map(
      (tier) => `  ${tier}`,
    ),
    '}',
    ...[...labels].map(([key, values]) => `label ${key} in { ${[...values].sort().join(', ')} }`),
    ...services.map(({ name, items }) => `service ${name} = ${items.join(', ')}`),
    ...addressSets.map(({ name, items }) => `addresses ${name} = ${items.join(', ')}`),
    ...groups.map(({ name, where }) => {
      return `group ${name} = workloads where ${where.map(([key, value]) => `${key} == ${value}`).join(' and ')}`;
    }),
    ...policies.flatMap(({ name, tier, appliesTo, rules: own }, at) => [
      `policy ${name} in ${tier} priority ${at + 1}${appliesTo === null ? '' : ` applies to ${appliesTo}`} {`,
      ...own.map(({ action, source, destination, on, options }) => {
        return `  ${action} rule-${rules++}: ${source} -> ${destination}${on === null ? '' : ` on ${on}`}${options}`;
      }),
      '}',
    ]),
  ]);
}

function placesText({ hosts }) {
  return lines([
    ...REGIONS.map((region) => `site ${region} : on-prem`),
    ...REGIONS.flatMap((region) =>
      ENVS.map((env) => {
        const number = segmentNumber(region, env);
        return `segment net-${region}-${env} stretched ${REGIONS.join(', ')} { vni ${5000 + number}  subnet 10.${number}.0.1/16, fd00:10:${number}::1/64 }`;
      }),
    ),
    ...Array.from({ length: hosts }, (_, i) => `host host-${i} in ${REGIONS[i % REGIONS.length]}`),
  ]);
}

function workloadText({ id, kind, nics, labels }, index, hosts) {
  const addresses = (nic) =>
    nic.dual ? `${addressOf(nic)} fd00:10:${segmentOf(nic.segment)}::${nic.offset.toString(16)}` : addressOf(nic);
  return [
    `${kind} ${id} on host-${index % hosts} {`,
    ...nics.map((nic) => `  nic ${nic.segment} ${addresses(nic)}`),
    `  labels ${labels.map(([key, value]) => `${key}=${value}`).join(' ')}`,
    '}',
  ].join('\n');
}
