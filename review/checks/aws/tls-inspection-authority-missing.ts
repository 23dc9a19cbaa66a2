/** TLS inspection configurations without any certificate. */
import { tlsInspections } from '../../model/aws/tls-inspection';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'tls-inspection-authority-missing',
  title: 'TLS inspection with no certificate to decrypt with',
  severity: 'medium',
  why: 'The firewall decrypts what leaves the network with certificates that an authority of yours signs, and what arrives with those of your servers. With neither it decrypts nothing, and rules that look inside see nothing.',
  fix: 'Set certificate_authority_arn to an authority in ACM that your clients trust.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/tls-inspection-configurations.html'],
  comparable: [],
  *run({ model }) {
    for (const { resource, isOutward, isInward } of tlsInspections(model)) {
      if (!isOutward && !isInward) yield { address: resource.address, message: `${resource.address} has neither certificate_authority_arn nor server_certificate` };
    }
  },
};
