/** What the private way to Google's APIs leaves open; pure data. */
import type { ResidualRisk } from '../egress-control';
import type { PublishedService } from '../policy/google-model';

/** Whether a VPC Service Controls perimeter surrounds the project. */
export type PerimeterState = 'none' | 'dry-run' | 'enforced';

/**
 * What the metadata server hands out, past every rule. Inside of a perimeter that enforces, tokens are
 * refused to callers from outside. https://cloud.google.com/vpc-service-controls/docs/overview
 */
export function tokenRisks(perimeter: PerimeterState, segments: readonly string[]): readonly ResidualRisk[] {
  return perimeter === 'enforced' ? [] : [{
    id: 'machine-tokens',
    summary: 'every machine may ask the metadata server for tokens of the account that it runs as, and they work from anywhere on the internet',
    mitigation: "give accounts little, and put the project into a perimeter that enforces: 'perimeter: { accessPolicy: …, enforced: true }'",
    segments: [...segments].sort(),
  }];
}

/** Whom data reaches by an endpoint for a service of somebody else. */
export function publishedRisks(services: readonly PublishedService[]): readonly ResidualRisk[] {
  return services.length === 0 ? [] : [{
    id: 'published-services',
    summary: `what is sent to ${services.map(({ name, attachment }) => `'${name}' (${attachment.split('/')[1]})`).sort().join(', ')} reaches whoever publishes it, and no name or content is looked at`,
    mitigation: 'publish to such services only what their owners may have, and read the firewall and flow logs of these addresses',
    segments: [...new Set(services.flatMap(({ from }) => from))].sort(),
  }];
}

/** The risk that belongs to a state of the perimeter. */
export function apiRisks(perimeter: PerimeterState, segments: readonly string[]): readonly ResidualRisk[] {
  const sorted = [...segments].sort();
  switch (perimeter) {
    case 'enforced': return [{
      id: 'perimeter-exceptions',
      summary: 'APIs that the perimeter does not restrict cannot be called from the network at all, but whoever may edit the perimeter or its access levels can let data out through the others',
      mitigation: 'keep roles/accesscontextmanager.policyAdmin with the security team and review access levels together with this plan',
      segments: sorted,
    }];
    case 'dry-run': return [{
      id: 'perimeter-dry-run',
      summary: 'the perimeter only records: the private address serves every api that VPC Service Controls supports, in every project of the world, and nothing is stopped',
      mitigation: "read its violations in the audit log, then write 'enforced: true'",
      segments: sorted,
    }];
    case 'none': return [{
      id: 'all-apis-on-one-address',
      summary: 'the private address serves every api that VPC Service Controls supports, in every project of the world: stolen or foreign credentials can write to a foreign bucket',
      mitigation: "put the project into a perimeter that enforces: 'perimeter: { accessPolicy: …, enforced: true }'",
      segments: sorted,
    }];
  }
}
