/** Certificates that were revoked, where the policy file says what becomes of connections to them. */
import { textAt } from '../../model/aws/read';
import { usedInspections } from '../../model/aws/tls-inspection';
import type { AwsModel } from '../../model/aws/model';
import { environmentsOf } from '../../model/aws/planned-environments';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'tls-inspection-revocation-off',
  title: 'TLS inspection that takes certificates which the policy file wants refused',
  severity: 'low',
  why: 'Clients see the certificate of the firewall and cannot ask any more whether that of the server was revoked: what the firewall does not refuse, nobody does.',
  fix: 'Set check_certificate_revocation_status as the policy file has it.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/tls-inspection-settings.html'],
  comparable: [],
  *run({ model, policy }) {
    const wanted = environmentsOf(model, policy).flatMap(({ environment }) => environment.firewall?.tlsInspection?.revocation ?? []);
    if (wanted.length === 0) return;
    for (const { resource, isOutward } of usedInspections(model)) {
      if (!isOutward) continue;
      for (const status of ['revoked', 'unknown'] as const) {
        const actions = resource.elements(['tls_inspection_configuration', 0, 'server_certificate_configuration']).map((path) => [...path, 'check_certificate_revocation_status', 0, `${status}_status_action`]);
        const isLax = actions.some((path) => resource.unknownAt(path) === undefined && /^PASS$/.test(textAt(resource, path) ?? 'PASS'));
        const action = wanted.map((each) => each[status]).find((each) => each !== 'pass');
        if (isLax && action !== undefined) yield { address: resource.address, message: `${resource.address} lets connections to servers pass whose certificate is ${status === 'revoked' ? 'revoked' : 'perhaps revoked'}, and the policy says ${action}` };
      }
    }
  },
};
