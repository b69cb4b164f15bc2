// An estate whose rules are all allowed flows between groups, and the same policy in Cedar: a permit for each rule, groups
// as parents of workloads, ports as context.

/** Keeps the rules that Cedar can say as well: its permits have no order, no tiers and no addresses. */
export function flatten(estate) {
  const names = new Set(estate.groups.map(({ name }) => name));
  const isPlain = ({ action, source, destination, on, options }) =>
    action === 'allow' && names.has(source) && names.has(destination) && on !== null && options === '';
  const rules = estate.policies.flatMap((policy) => policy.rules).filter(isPlain);
  return { ...estate, policies: [{ name: 'policy-0', tier: 'application', appliesTo: null, rules }] };
}

export function cedarPolicy({ services, policies }) {
  const items = new Map(services.map((service) => [service.name, service.items]));
  return policies
    .flatMap(({ rules }) => rules)
    .flatMap(({ source, destination, on }) => {
      const cases = on.split(', ').flatMap((name) => (items.get(name) ?? [name]).flatMap(condition));
      if (cases.length === 0) return [];
      const scope = `principal in Group::"${source}", action == Action::"connect", resource in Group::"${destination}"`;
      return [`permit (${scope}) when { ${cases.join(' || ')} };`];
    })
    .join('\n');
}

/** `tcp/443`, `udp/1000-2000 from 1024-65535`; messages of ICMP are not asked about. */
function condition(item) {
  const match = /^(tcp|udp)\/(\d+)(?:-(\d+))?(?: from (\d+)-(\d+))?$/.exec(item);
  if (match === null) return [];
  const [, protocol, low, high = low, from, to] = match;
  const port = low === high ? `context.port == ${low}` : `context.port >= ${low} && context.port <= ${high}`;
  const source = from === undefined ? '' : ` && context.source >= ${from} && context.source <= ${to}`;
  return [`(context.protocol == "${protocol}" && ${port}${source})`];
}

/** Workloads by id as Cedar takes them. */
export function cedarEntities({ workloads, groups }) {
  return Object.fromEntries(
    workloads.map(({ id, labels }) => {
      const own = new Map(labels);
      const inside = groups.filter(({ where }) => where.every(([key, value]) => own.get(key) === value));
      const parents = inside.map(({ name }) => ({ type: 'Group', id: name }));
      return [id, { uid: { type: 'Workload', id }, attrs: {}, parents }];
    }),
  );
}
