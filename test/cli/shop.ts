// A small policy root for tests of the command line: two tiers of machines, one rule each way of deciding, one test.

export const SHOP: Readonly<Record<string, string>> = {
  'policies/main.seg': `language 1

tiers {
  infrastructure
  application default drop
}

label app  in { shop }
label tier in { web, db }

service postgres = tcp/5432

group web = workloads where app == shop and tier == web
group db  = workloads where app == shop and tier == db

policy housekeeping in infrastructure priority 10 {
  allow dns: workloads -> addresses 10.0.0.53 on udp/53, tcp/53
}

policy shop in application priority 100 {
  allow  customers: internet -> web on tcp/443
  allow  store:     web -> db on postgres  until 2027-01-31
  reject no-db:     any -> db
}
`,
  'policies/main-test.seg': `language 1

test "only the web servers reach the database" {
  allow web      -> db on postgres  by shop.store
  deny  internet -> db on any       by shop.no-db
}
`,
  'policies/world.seg': `language 1

segment shop-net { subnet 10.10.1.1/24 }

vm web-01 { nic shop-net 10.10.1.11  labels app=shop tier=web }
vm web-02 { nic shop-net 10.10.1.12  labels app=shop tier=web }
vm db-01 { nic shop-net 10.10.1.21  labels app=shop tier=db }
`,
};

/** Within the life of every rule. */
export const AT = '2026-11-02T09:00:00Z';
