/** Policies of a given size. */
import { stringify } from 'yaml';

/** A policy of that size on all clouds; half of the segments have hosts, as in real life. */
export function policy(segments: number, hosts: number): string {
  const names = Array.from({ length: segments }, (_, index) => `s${index}`);
  const callers = names.filter((_, index) => index % 2 === 0);
  return stringify({
    organization: 'bench',
    allow: Array.from({ length: hosts }, (_, index) => ({
      host: `h${index}.example${index % 97}.com`, from: [callers[index % callers.length]], owner: 'bench', reason: 'bench',
    })),
    segments: names.map((name, index) => ({
      name, tier: index % 2 === 0 ? 'private' : 'data', ...(index % 2 ? { accepts: [{ from: names[index - 1], ports: [5432] }] } : {}),
    })),
    privateServices: ['object-storage', 'container-registry', 'secrets', 'logs', 'kubernetes'],
    environments: [{
      name: 'prod',
      aws: { region: 'us-east-1', zones: 3, cidr: '10.20.0.0/16' },
      google: { region: 'europe-west1', cidr: '10.30.0.0/16', project: 'bench-prod' },
      azure: { region: 'westeurope', cidr: '10.40.0.0/16', subscription: '00000000-0000-0000-0000-000000000000' },
    }],
  });
}
