// The fabric that the tests of the pipeline walk: two sites, an edge each, a tunnel between them, a gateway with
// translation and rules, a tier-1 with services, a native cloud network, and a cluster on virtual machines.

import type { Text } from './fabric-of.ts';

export const TWO_SITES: Text = {
  seg: `
tiers { application default drop }
site east : on-prem { tep-subnet 172.16.1.0/24 }
site west : cloud { tep-subnet 172.16.2.0/24 }
tunnel east <-> west { kind ipsec  mtu 1500 }

tier1 t1-web { connects t0-east  advertises connected }
tier1 t1-far { connects t0-west  advertises connected }

segment web-net in east { vni 5001  subnet 10.1.1.1/24 2001:db8:1:1::1/64  on t1-web }
segment app-net stretched east, west { vni 5002  subnet 10.1.2.1/24  on t1-web }
segment far-net in west { vni 5004  subnet 10.2.1.1/24  on t1-far }

host h-1 in east { tep 172.16.1.11 }
host h-2 in east { tep 172.16.1.12 }
host h-3 in west { tep 172.16.2.11 }
host edge-e in east { kind edge  tep 172.16.1.21 }
host edge-w in west { kind edge  tep 172.16.2.21 }

vm web-1 on h-1 { nic web-net 10.1.1.11 2001:db8:1:1::11  labels role=web }
vm web-2 on h-1 { nic web-net 10.1.1.12  labels role=web }
vm web-3 on h-2 { nic web-net 10.1.1.13 2001:db8:1:1::13  labels role=web }
vm app-1 on h-2 { nic app-net 10.1.2.11  labels role=app }
vm app-2 on h-1 { nic app-net 10.1.2.12  labels role=app }
vm app-3 on h-3 { nic app-net 10.1.2.13  labels role=app }
vm db-1 on h-2 { nic db-net 10.1.3.11  labels role=db }
vm far-1 on h-3 { nic far-net 10.2.1.11  labels role=far }
vm node-1 on h-1 { nic app-net 10.1.2.31  labels role=node }
vm node-2 on h-2 { nic app-net 10.1.2.32  labels role=node }

label role
group web  = workloads where role == web
group app  = workloads where role == app
group db   = workloads where role == db
group far  = workloads where role == far
group node = workloads where role == node
group pod  = workloads where role == pod

policy p in application {
  allow web-out:   web -> any on tcp/80, tcp/443, tcp/8080, icmp, icmp6, udp/53
  allow app-in:    any -> app on tcp/8080, icmp, udp/53
  allow web-in:    any -> web on tcp/443, icmp, icmp6
  reject app-no:   app -> web on tcp/22
  reject in web-no: any -> web on tcp/23
  allow app-out:   app -> web on tcp/23, tcp/443
  allow db-out:    db -> any on tcp/443
  allow app-db:    (app or node) -> db on tcp/5432
  allow far-in:    any -> far on tcp/443
  allow nodes:     node -> node on udp/4789
  allow pods-out:  pod -> any on tcp/5432, tcp/8080
  allow pods-in:   any -> pod on tcp/8080
  allow node-out:  node -> db on tcp/5432
}
`,
  inventory: `
sites:
  - { id: vpc, kind: vpc }
tunnels:
  - { from: west, to: vpc, kind: direct-connect }
hosts:
  - { id: kube-1, kind: container-host, site: east, machine: node-1 }
  - { id: kube-2, kind: container-host, site: east, machine: node-2 }
routers:
  - id: t0-east
    kind: tier0
    sites: [east]
    edges: [edge-e]
    uplinks: [192.0.2.1/30]
    routes:
      - { to: 0.0.0.0/0, via: 192.0.2.2 }
      - { to: 10.2.0.0/16, site: west }
    nat:
      - { id: hide, action: snat, source: [10.1.0.0/16], destination: [0.0.0.0/1, 128.0.0.0/1], translated: 203.0.113.9, priority: 20 }
      - { id: no-hide, action: no-snat, destination: [10.0.0.0/8], priority: 10 }
      - { id: publish, action: dnat, destination: [203.0.113.10], services: [tcp/443], translated: 10.1.1.11 }
    firewall:
      - { id: web-in, action: allow, direction: in, destination: [10.1.1.0/24], services: [tcp/443] }
      - { id: out, action: allow, direction: out }
      - { id: rest, category: default, action: drop }
  - { id: t0-west, kind: tier0, sites: [west], edges: [edge-w], uplinks: [192.0.2.5/30], routes: [{ to: 10.1.0.0/16, site: east }, { to: 10.3.0.0/16, site: vpc }] }
  - { id: t1-db, kind: tier1, connects: t0-east, advertises: [connected], edges: [edge-e] }
  - { id: vpc-router, kind: vpc, sites: [vpc], routes: [{ to: 10.2.0.0/16, site: west }, { to: 0.0.0.0/0, via: internet }] }
segments:
  - { id: db-net, sites: [east], vni: 5003, subnets: [10.1.3.1/24], router: t1-db }
  - { id: vpc-net, sites: [vpc], subnets: [10.3.1.1/24], router: vpc-router, acl: outer }
  - { id: pod-net, subnets: [10.9.0.1/16] }
workloads:
  - { id: cloud-1, kind: instance, site: vpc, labels: { role: web }, interfaces: [{ segment: vpc-net, addresses: [10.3.1.11], securityGroups: [open] }] }
  - { id: pod-1, kind: container, host: kube-1, labels: { role: pod }, interfaces: [{ segment: pod-net, addresses: [10.9.0.11] }] }
  - { id: pod-2, kind: container, host: kube-1, labels: { role: pod }, interfaces: [{ segment: pod-net, addresses: [10.9.0.12] }] }
  - { id: pod-3, kind: container, host: kube-2, labels: { role: pod }, interfaces: [{ segment: pod-net, addresses: [10.9.0.13] }] }
serviceAddresses:
  - { id: api, addresses: [10.96.0.10, "2001:db8:96::10"], backends: { labels: { role: pod } }, ports: [{ protocol: tcp, port: 80, target: 8080 }, { protocol: tcp, port: 81, target: metrics }, { protocol: tcp, port: 82, target: 9999 }] }
  - { id: headless, backends: { labels: { role: pod } }, ports: [{ protocol: tcp, port: 80, target: 8080 }] }
accessLists:
  - id: outer
    kind: acl
    rules:
      - { number: 100, direction: in, action: allow, peer: [10.2.0.0/16], services: [tcp/443] }
      - { number: 200, direction: out, action: allow, peer: [10.2.0.0/16], services: [tcp/443] }
  - id: open
    kind: security-group
    rules: [{ direction: in, services: [any] }, { direction: out, services: [any] }]
`,
};
