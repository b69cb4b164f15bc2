// What is suggested where: before the rule that blocks, in the policy that holds at the ends, never past a higher tier;
// and what cannot be had says why.
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/evaluate/decide.ts';
import { ask, clusterOf, questionOf, rootOf, show, snapshotOf } from './kit.ts';

const WORLD = `
tiers { walls; application default drop }
label tier in { web, api, db, none } several
label env in { prod, dev }
group web = vms where tier == web
group api = vms where tier == api
group db = vms where tier == db
segment n { subnet 10.0.0.1/24 }
vm web-1 { nic n 10.0.0.11  labels tier=web env=prod }
vm web-2 { nic n 10.0.0.12  labels tier=web env=prod }
vm api-1 { nic n 10.0.0.21  labels tier=api env=prod }
vm db-1 { nic n 10.0.0.31  labels tier=db env=prod }
vm dev-1 { nic n 10.0.0.41  labels env=dev }
policy apart in walls { drop env: (vms where env == dev) -> (vms where env == prod) }
`;
const root = (rules: string) => [rootOf(`${WORLD}\n${rules}`)];

describe('suggest', () => {
  it('puts an allow before the rule that denies, and shows what wider ones open', () => {
    const layers = root(
      'policy p in application { allow web-to-api: web -> api on tcp/8443\n reject no-db: any -> db }',
    );
    const { verdict, suggestions, isAlready } = ask(layers, 'web-1 -> db-1 on tcp/5432');
    expect([verdict, isAlready]).toEqual(['reject', false]);
    expect(show(suggestions)).toEqual([
      'add to p before no-db: allow web-1-to-db-1: workload web-1 -> db on tcp/5432 | nothing else',
      'add to p before no-db: allow web-1-to-db-1: web -> db on tcp/5432 | 1 pairs',
    ]);
    expect(suggestions[0]?.edits[0]).toMatchObject({
      kind: 'rule',
      tier: 'application',
      before: 'p.no-db',
      text: 'allow web-1-to-db-1: workload web-1 -> db on tcp/5432',
    });
  });

  it('chooses the policy that holds at both ends and speaks of them, and needs one rule there', () => {
    const layers = root(`
      policy data in application priority 1 applies to (db or web) { allow own: db -> db on tcp/1 }
      policy page in application priority 2 applies to (db or web) { allow own: web -> web on tcp/1
        allow other: any -> db on tcp/2 }
      policy far in application priority 3 applies to api { allow own: web -> db on tcp/3 }`);
    const [best] = ask(layers, 'web-1 -> db-1 on tcp/5432').suggestions;
    expect(best?.edits.map((edit) => edit.kind === 'rule' && edit.policy)).toEqual(['page']);
  });

  it('needs a rule at each end where a policy holds at one alone', () => {
    const layers = root(`
      policy pages in application priority 1 applies to web { allow own: web -> web on tcp/1 }
      policy data in application priority 2 applies to db { allow own: db -> db on tcp/1 }`);
    expect(show(ask(layers, 'web-1 -> db-1 on udp/53').suggestions)[0]).toBe(
      'add to pages last: allow out web-1-to-db-1: workload web-1 -> db on udp/53 + ' +
        'add to data last: allow in web-1-to-db-1: workload web-1 -> db on udp/53 | nothing else',
    );
  });

  it('does not go past a denial of a higher tier, and says what an exception would be', () => {
    const layers = root('policy p in application { allow all: any -> any }');
    const { suggestions, exceptions, obstacles } = ask(layers, 'dev-1 -> db-1 on tcp/5432');
    expect(suggestions).toEqual([]);
    expect(obstacles.map(({ why }) => why)).toEqual([
      'leaving `dev-1`, `apart.env` of tier `walls` denies it: that tier is there to hold whatever the tiers below it say',
    ]);
    expect(exceptions.map(({ overrides }) => overrides)).toEqual([['apart.env']]);
    expect(show(exceptions)).toEqual([
      'add to apart before env: allow dev-1-to-db-1: workload dev-1 -> db on tcp/5432 | nothing else',
    ]);
  });

  it('finds the label that a workload lacks', () => {
    const layers = root(
      'policy p in application { allow r: web -> api on tcp/8443 }\nvm new { nic n 10.0.0.51  labels env=prod }',
    );
    expect(show(ask(layers, 'new -> api-1 on tcp/8443').suggestions)).toContain(
      'set new labels tier=web | nothing else',
    );
  });

  it('says what a suggestion breaks', () => {
    const layers = root('policy p in application { allow r: web -> api on tcp/1 }\ninvariant i { never web -> db }');
    expect(show(ask(layers, 'web-1 -> db-1 on tcp/5432').suggestions)[0]).toContain('nothing else, 1 flips');
  });

  it('writes a policy where none holds at the point', () => {
    const layers = root('policy p in application applies to api { allow r: any -> api on tcp/1 }');
    const { suggestions } = ask(layers, '198.51.100.7 -> web-1 on tcp/443');
    expect(show(suggestions)).toEqual(['new at-198-51-100-7-to-web-1 | nothing else']);
    const [edit] = suggestions[0]?.edits ?? [];
    const text = edit?.kind === 'policy' ? edit.text : '';
    expect(text).toBe(`policy at-198-51-100-7-to-web-1 in application priority 110 applies to workload web-1 {
  allow in flow: addresses 198.51.100.7 -> workload web-1 on tcp/443
}`);
    const written = root(`policy p in application applies to api { allow r: any -> api on tcp/1 }\n${text}`);
    expect(
      decide(snapshotOf(...written).evaluator, questionOf(written, '198.51.100.7 -> web-1 on tcp/443')).verdict,
    ).toBe('allow');
  });

  it('counts flows from outside', () => {
    const layers = root('policy p in application { allow r: any -> api on tcp/1 }');
    expect(show(ask(layers, '198.51.100.7 -> web-1 on tcp/443').suggestions)).toEqual([
      'add to p last: allow at-198-51-100-7-to-web-1: addresses 198.51.100.7 -> workload web-1 on tcp/443 | nothing else',
      'add to p last: allow at-198-51-100-7-to-web-1: addresses 198.51.100.7 -> web on tcp/443 | 1 addresses',
    ]);
  });

  it('says so where it is so already', () => {
    const layers = root('policy p in application { allow r: web -> api on tcp/8443 }');
    expect(ask(layers, 'web-1 -> api-1 on tcp/8443')).toMatchObject({ isAlready: true, suggestions: [] });
    expect(ask(layers, 'web-1 -> api-1 on tcp/1', 'deny')).toMatchObject({ isAlready: true, verdict: 'drop' });
  });

  it('says why nothing can do', () => {
    const layers = root('policy p in application { allow r: web -> api on tcp/8443 }');
    const why = (flow: string, wanted: 'allow' | 'deny') => ask(layers, flow, wanted).obstacles.map((item) => item.why);
    expect(why('web-1 -> web-1 on tcp/1', 'deny')).toEqual(['traffic of an endpoint to itself is not judged']);
    expect(why('198.51.100.7 -> 198.51.100.8 on tcp/1', 'deny')).toEqual(['no enforcement point judges it']);
    expect(why('2001:db8::1 -> web-1 on tcp/1', 'allow')).toEqual(['no common address family']);
  });
});

describe('suggest --deny', () => {
  it('puts a drop before the rule that allows, at one end', () => {
    const layers = root('policy p in application { allow r: any -> any }');
    expect(show(ask(layers, 'web-1 -> db-1 on tcp/22', 'deny').suggestions)).toEqual([
      'add to p before r: drop web-1-to-db-1: workload web-1 -> db on tcp/22 | nothing else',
      'add to p before r: drop web-1-to-db-1: web -> db on tcp/22 | 1 pairs',
      expect.stringMatching(/^remove rule p\.r \| \d+ pairs, \d+ addresses, /),
    ]);
  });

  it('takes a rule of a manifest away, which has no denials', () => {
    const layers = [clusterOf(CLUSTER)];
    expect(show(ask(layers, 'shop/front -> shop/orders on tcp/80', 'deny').suggestions)).toEqual([
      'remove rule shop/orders-access.ingress-1 | nothing else',
    ]);
  });
});

const pod = (name: string, labels: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { ${labels} } }
  template: { metadata: { labels: { ${labels} } }, spec: { containers: [{ name: c, image: i }] } }
---`;

/** A shop whose policy for the carts has a slip in its selector. */
const CLUSTER = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---${['front', 'orders', 'carts', 'carts-db'].map((name) => pod(name, `name: ${name}`)).join('')}
apiVersion: v1
kind: Service
metadata: { name: carts, namespace: shop }
spec: { selector: { name: carts }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: nobody, namespace: shop }
spec: { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { name: nobody } } }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart-access, namespace: shop }
spec:
  podSelector: { matchLabels: { name: cart } }
  ingress:
    - from:
        - podSelector: { matchLabels: { name: front } }
        - podSelector: { matchLabels: { name: orders } }
      ports: [{ protocol: TCP, port: 80 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: carts-db-access, namespace: shop }
spec:
  podSelector: { matchLabels: { name: carts-db } }
  ingress: [{ from: [{ podSelector: { matchLabels: { name: cart } } }], ports: [{ port: 27017 }] }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: orders-access, namespace: shop }
spec:
  podSelector: { matchLabels: { name: orders } }
  ingress: [{ from: [{ podSelector: { matchLabels: { name: front } } }], ports: [{ port: 80 }] }]
`;

describe('suggest for manifests', () => {
  it('mends the slip of a selector first, and proves what that opens', () => {
    const { suggestions } = ask([clusterOf(CLUSTER)], 'shop/front -> shop/carts on tcp/80');
    expect(show(suggestions)).toEqual([
      'shop/cart-access applied-to name cart -> carts | 1 pairs',
      expect.stringMatching(
        /^add to shop\/nobody: allow in front-to-carts: \(workloads where namespace == shop and name == front\) -> any on tcp\/80 \| \d pairs$/,
      ),
      'set "shop/carts" labels name=cart | 2 pairs, behind shop/carts',
      'new shop/front-to-carts | nothing else',
    ]);
    const [row] = suggestions[0]?.diff.gained ?? [];
    expect(row?.source).toMatchObject({ of: [{ id: 'shop/front' }, { id: 'shop/orders' }] });
    expect(row?.destination).toMatchObject({ id: 'shop/carts' });
  });

  it('asks for a backend instead of a service address', () => {
    const { suggestions, obstacles } = ask([clusterOf(CLUSTER)], 'shop/front -> service-address/shop/carts on tcp/80');
    expect(suggestions).toEqual([]);
    expect(obstacles).toMatchObject([
      {
        why: '`shop/carts` is a service address: rules are about the workloads behind it',
        would: 'ask about its backend `shop/carts` on `tcp/8080`',
      },
    ]);
  });

  it('mends the slip of a peer', () => {
    expect(show(ask([clusterOf(CLUSTER)], 'shop/carts -> shop/carts-db on tcp/27017').suggestions)[0]).toBe(
      'shop/carts-db-access.ingress-1 source name cart -> carts | nothing else',
    );
  });

  it('writes manifests that do what they are said to do', () => {
    const flow = 'shop/front -> shop/carts-db on tcp/1';
    const { suggestions } = ask([clusterOf(CLUSTER)], flow);
    const edit = suggestions.flatMap(({ edits }) => edits).find(({ kind }) => kind === 'policy');
    const written = [clusterOf(`${CLUSTER}---\n${edit?.kind === 'policy' ? edit.text : ''}\n`)];
    expect(decide(snapshotOf(...written).evaluator, questionOf(written, flow)).verdict).toBe('allow');
  });
});
