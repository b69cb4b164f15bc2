// Random questions about an estate: half of them inside one application, on ports that services have.

/** As many as `count`: the workloads at both ends, and the ports. */
export function drawQuestions({ workloads, services }, count, random) {
  const ports = services
    .flatMap(({ items }) => items.flatMap((item) => /^tcp\/(\d+)/.exec(item)?.[1] ?? []))
    .map(Number);
  const byApp = new Map();
  for (const workload of workloads) byApp.set(workload.app, [...(byApp.get(workload.app) ?? []), workload]);
  const drawn = [];
  while (drawn.length < count) {
    const source = random.pick(workloads);
    const destination = random.pick(random.oneIn(2) ? byApp.get(source.app) : workloads);
    if (source === destination) continue;
    drawn.push({ source, destination, port: random.pick(ports), sourcePort: 1024 + random.below(64_512) });
  }
  return drawn;
}
