// A server with two projects, and people of each and of the provider to ask it as. With `bank` at work, or with a bank
// that is granted as much and never did anything: what the shop can tell apart, it has been told.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOON } from '../kit/stores.ts';
import { ISSUER, makeSigner, type Signer } from './auth/auth-app.ts';
import type { AskOptions, Reply, TestServer } from './test-server.ts';

export const TENANTS = `auth:
  loopback: []
  issuers: [{ issuer: "${ISSUER}", audience: bulkhead, jwksFile: keys.json, provider: true }]
limits: { perPrincipal: { perSecond: 100000, burst: 100000 } }
projects:
  shop: { tiers: [application], addresses: [10.20.0.0/16] }
  bank: { tiers: [application], addresses: [10.30.0.0/16] }
private: { modules: [hidden] }
points:
  esx-1: { workloads: [dns-1] }
feeds:
  shop-web: { project: shop, members: ['workloads where app == web'], use: allow, profiles: [plain], mayBeEmpty: true }
  bank-web: { project: bank, members: ['workloads where app == web'], use: allow, profiles: [plain], mayBeEmpty: true }
`;

const PROVIDER = {
  'main.seg': `language 1
label app
label project
tiers { infrastructure; application; last default drop }
policy base in infrastructure { allow resolve: workloads -> (workloads where app == dns) on udp/53 }
`,
  'hidden.seg': `module hidden.watch
policy secrets in infrastructure priority 50 { drop bank: (workloads where project == bank) -> any on tcp/22 }
`,
};

export const policyOf = (project: string, rules: string): object => ({
  format: 'bulkhead.publish/1',
  message: `of ${project}`,
  files: [{ path: 'main.seg', text: `module projects.${project}\npolicy p in application {\n${rules}\n}\n` }],
});

export const machine = (id: string, address: string, app = 'web') => ({
  ...{ id, kind: 'vm', labels: { app } },
  interfaces: [{ addresses: [address] }],
});

export const changeOf = (upsert: object, more: object = {}): object => ({
  format: 'bulkhead.inventory-change/1',
  upsert,
  ...more,
});

type Who = 'shop' | 'bank' | 'provider';

export interface Tenants {
  as(who: Who): TestServer['ask'];
}

/** Writes the keys of the issuer into the folder of a server that is to be opened; gives what signs tokens. */
export async function makeIssuer(folder: string): Promise<Signer> {
  const signer = await makeSigner('one');
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [signer.jwk] }));
  return signer;
}

export async function tenantsOf({ ask }: TestServer, signer: Signer): Promise<Tenants> {
  const exp = NOON / 1000 + 86_400;
  const sign = (project: string | undefined, roles: readonly string[]) =>
    signer.sign({ project, roles, exp, iat: undefined, sub: `${project ?? 'provider'}-ana` });
  const tokens = {
    shop: await sign('shop', ['reader', 'publisher', 'admin']),
    bank: await sign('bank', ['reader', 'publisher']),
    provider: await sign(undefined, ['admin']),
  };
  return {
    as:
      (who) =>
      (method, url, { headers = {}, ...rest }: AskOptions = {}) =>
        ask(method, url, { ...rest, headers: { authorization: `Bearer ${tokens[who]}`, ...headers } }),
  };
}

function must(reply: Reply): Reply {
  if (reply.status !== 200) throw new Error(reply.text);
  return reply;
}

/** What the provider and the shop have in either world. */
export async function settle({ as }: Tenants): Promise<void> {
  const files = Object.entries(PROVIDER).map(([path, text]) => ({ path, text }));
  const any = { 'if-match': '*' };
  must(
    await as('provider')('PUT', '/v1/policies', {
      headers: any,
      body: { format: 'bulkhead.publish/1', files, inventory: { workloads: [machine('dns-1', '10.0.0.53', 'dns')] } },
    }),
  );
  const shop = changeOf({ workloads: [machine('shop/w-1', '10.20.0.1'), machine('shop/w-2', '10.20.0.2', 'db')] });
  must(await as('shop')('POST', '/v1/inventory', { body: shop }));
  const body = policyOf('shop', 'allow web: (workloads where app == web) -> workloads on tcp/80');
  must(await as('shop')('PUT', '/v1/policies', { headers: any, body }));
}

/** The bank at work, one step at a time: `step` counts up. */
export async function bankWorks({ as }: Tenants, step: number): Promise<void> {
  const workloads = [
    machine('bank/w-1', `10.30.0.${(step % 200) + 1}`),
    machine(`bank/s-${step}`, `10.30.1.${(step % 200) + 1}`),
  ];
  const vip = {
    id: 'bank/vip',
    addresses: ['10.30.9.9'],
    backends: ['bank/w-1'],
    ports: [{ protocol: 'tcp', port: 80, target: 8080 }],
  };
  must(await as('bank')('POST', '/v1/inventory', { body: changeOf({ workloads, serviceAddresses: [vip] }) }));
  const rules = `allow vault-${step}: any -> any on tcp/${8000 + step}\ndrop shop: any -> (addresses 10.20.0.0/16)`;
  must(await as('bank')('PUT', '/v1/policies', { headers: { 'if-match': '*' }, body: policyOf('bank', rules) }));
}
