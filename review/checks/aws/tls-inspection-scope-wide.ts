/** What TLS inspection configurations hold for. */
import { intersect, isEmpty } from '../../model/ranges';
import { rangesIn } from '../../model/aws/prefix-lists';
import { tlsInspections } from '../../model/aws/tls-inspection';
import type { AttributePath } from '../../plan/attribute-path';
import { numberAt } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';
import { plannedEnvironments } from '../../model/aws/planned-environments';

/** More than anybody lists one by one. */
const MOST_PORTS = 100;

export const check: Check<AwsModel> = {
  id: 'tls-inspection-scope-wide',
  title: 'TLS inspection of more than is meant',
  severity: 'medium',
  why: 'The firewall drops whatever is in scope and is no TLS before any rule sees it, and no alert says so; and what people send from a segment that nobody meant to open is read on the way.',
  fix: 'List the ports on which TLS is spoken, one by one, for the subnets that speak it.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/tls-inspection-considerations.html'],
  comparable: [],
  *run({ model, policy }) {
    for (const configuration of model.graph.ofType('aws_networkfirewall_tls_inspection_configuration')) {
      const scopes = configuration.elements(['tls_inspection_configuration', 0, 'server_certificate_configuration', 0, 'scope']);
      const ports = scopes.flatMap((scope) => configuration.elements([...scope, 'destination_ports']).map((path: AttributePath) => {
        const from = numberAt(configuration, [...path, 'from_port']) ?? 0;
        return (numberAt(configuration, [...path, 'to_port']) ?? from) - from + 1;
      }));
      const widest = Math.max(0, ...ports);
      if (widest > MOST_PORTS) yield { address: configuration.address, message: `${configuration.address} opens ${widest} ports in a row` };
    }
    if (!policy) return;
    const meant = new Set(plannedEnvironments(model, policy).flatMap(({ firewall }) => firewall?.tlsInspection?.segments ?? []));
    for (const { resource, isOutward, scopes } of tlsInspections(model)) {
      const opened = model.places.filter(({ segment, cidrs }) => isOutward && segment !== undefined && !meant.has(segment)
        && scopes.some(({ sources }) => !isEmpty(intersect(sources, rangesIn(cidrs, 4)))));
      for (const segment of new Set(opened.map((place) => place.segment as string))) {
        yield { address: resource.address, segment, message: `${resource.address} decrypts what ${segment} sends, and the policy does not ask for it` };
      }
    }
  },
};
