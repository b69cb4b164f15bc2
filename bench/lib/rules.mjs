// Makes the rules of an estate: five tiers, in each policies of a few dozen rules, in the proportions that
// microsegmentation has: a few emergency blocks, some infrastructure for everybody, walls between environments, and then
// application after application.

const RULES_A_POLICY = 25;

export function makeRules({ ruleCount, apps, groups, addressSets, services, random }) {
  const service = () => services[random.skewed(services.length)].name;
  const some = () => (random.oneIn(3) ? [...new Set([service(), service()])] : [service()]).join(', ');
  const nets = () => `addresses ${random.pick(addressSets).name}`;
  const ofAbout = (...about) => groups.filter((group) => about.includes(group.about));
  const envs = ofAbout('env');
  const wide = ofAbout('wide', 'env');
  const parts = ofAbout('part', 'app');
  const byApp = groupByApp(parts);
  const wideName = () => random.pick(wide).name;
  const partName = () => random.pick(parts).name;
  const either = (name) => {
    const names = [...new Set([name(), name()])];
    return names.length === 1 ? names[0] : `(${names.join(' or ')})`;
  };
  const rule = (action, source, destination, on, options = '') => ({ action, source, destination, on, options });

  const tiers = { emergency: [], infrastructure: [], environment: [], application: [], baseline: [] };
  const share = (part, least) => Math.max(least, Math.floor(ruleCount * part));
  for (let i = 0; i < share(0.002, 2); i++) {
    tiers.emergency.push(i % 2 === 1 ? rule('drop', nets(), 'any', some()) : rule('drop', 'any', wideName(), some()));
  }
  for (let i = 0; i < share(0.05, 5); i++) {
    tiers.infrastructure.push(
      [
        () => rule('allow', 'any', partName(), some()),
        () => rule('allow', nets(), `(${wideName()} or ${partName()})`, some()),
        () => rule('allow', wideName(), `(${partName()} or ${nets()})`, some()),
      ][random.below(3)](),
    );
  }
  tiers.infrastructure.push(rule('allow', partName(), 'any', 'icmp/echo-request, icmp6/echo-request'));
  for (let i = 0; i < share(0.02, 4); i++) {
    const [from, to] = [random.pick(envs), random.pick(envs)];
    tiers.environment.push(
      from === to
        ? rule('pass', partName(), from.name, some())
        : rule('drop', from.name, to.name, random.oneIn(3) ? null : some()),
    );
  }
  const application = [];
  const used = Object.values(tiers).reduce((sum, list) => sum + list.length, 0);
  const closing = apps.filter(({ name }) => byApp.has(name)).slice(0, Math.floor((ruleCount - used) / 4));
  for (let i = used + closing.length; i < ruleCount; i++) {
    const [app, own] = random.pick([...byApp]);
    const target = () => random.pick(own).name;
    const family = random.oneIn(20) ? ` ${random.pick(['ipv4', 'ipv6'])}` : '';
    const kind = random.below(10);
    application.push({
      // Rules inside one application are held by its interfaces alone; the others by both ends.
      app: kind < 6 ? app : null,
      rule:
        kind < 6
          ? rule('allow', target(), target(), some(), family)
          : kind < 8
            ? rule('allow', partName(), target(), some(), family)
            : kind < 9
              ? rule(random.oneIn(5) ? 'reject' : 'allow', nets(), target(), some())
              : rule('allow', either(partName), either(target), some(), family),
    });
  }
  tiers.baseline = closing.map(({ name }) => {
    return { ...rule('drop', 'any', `(workloads where app == ${name})`, null), options: ' log' };
  });

  const policies = [];
  const add = (tier, rules, appliesTo) => {
    for (let i = 0; i < rules.length; i += RULES_A_POLICY) {
      policies.push({ name: `policy-${policies.length}`, tier, appliesTo, rules: rules.slice(i, i + RULES_A_POLICY) });
    }
  };
  for (const tier of ['emergency', 'infrastructure', 'environment']) add(tier, tiers[tier], null);
  const shared = application.filter(({ app }) => app === null);
  add(
    'application',
    shared.map((item) => item.rule),
    null,
  );
  for (const app of byApp.keys()) {
    const rules = application.filter((item) => item.app === app).map((item) => item.rule);
    add('application', rules, `(workloads where app == ${app})`);
  }
  add('baseline', tiers.baseline, null);
  return policies;
}

function groupByApp(parts) {
  const found = new Map();
  for (const part of parts) found.set(part.app, [...(found.get(part.app) ?? []), part]);
  return found;
}
