import { segmentOfView, type AzureCheck } from './azure-check';
import { plannedEnvironments } from './planned-environments';
import { deniesPlatform } from './platform-tags';
import { segmentViews } from './reach';
import type { SecurityGroup } from '../../model/azure/security-group';

const TAG = 'AzurePlatformIMDS';

export const check: AzureCheck = {
  id: 'metadata-open',
  title: 'segment that may ask for the tokens of managed identities, though it should not',
  severity: 'medium',
  why: 'The instance metadata service answers past routes and security groups, but for a rule that names its tag; whoever runs code on a machine gets the tokens of its identities.',
  fix: `Deny ${TAG} outbound on every port and protocol, or take the segment off withoutMetadata.`,
  references: ['https://learn.microsoft.com/azure/virtual-network/service-tags-overview'],
  comparable: [],
  *run(context) {
    const meant = new Set(plannedEnvironments(context).flatMap(({ withoutMetadata }) => withoutMetadata));
    for (const view of segmentViews(context)) {
      if (!meant.has(view.name.segment ?? '')) continue;
      const group = view.group as SecurityGroup;
      if (deniesPlatform(view, TAG)) continue;
      yield { address: group.address, message: `the group does not deny ${TAG}, and the policy lists ${view.name.segment ?? ''} under withoutMetadata`, ...segmentOfView(view) };
    }
  },
};
