/** Copies that are made for, and shares that are given to, accounts and stores that are not the plan's. */
import type { AttributePath } from '../../plan/attribute-path';
import type { AwsModel } from '../../model/aws/model';
import { expanded } from '../../model/aws/expanded';
import { textAt, textsAt } from '../../model/aws/read';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Check, Hit } from '../check';
import { GIFTS, type Gift } from '../../model/aws/gifts';
import { accountIn, ownAccounts } from '../../model/aws/own-accounts';

export const check: Check<AwsModel> = {
  id: 'data-given-elsewhere',
  title: 'data that is copied to, or shared with, another account',
  severity: 'low',
  why: 'Backups, snapshots, images, records and shares are data: whoever is given them reads them where none of these networks, routes and firewalls hold.',
  fix: 'Take the account or the destination out, or make the destination in this plan; accept what is meant in egress-review.yaml, with whose it is.',
  references: [
    'https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html',
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html',
    'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html',
    'https://docs.aws.amazon.com/ram/latest/userguide/what-is.html',
  ],
  comparable: [],
  *run({ model: { graph } }) {
    const present = GIFTS.filter(({ type }) => graph.typeNames.has(type));
    if (present.length === 0) return;
    const own = ownAccounts(graph);
    for (const gift of present) {
      for (const resource of graph.ofType(gift.type)) {
        if (resource.mode === 'managed' && gift.counts?.(resource, graph) !== false) yield* given(resource, gift, own, graph);
      }
    }
  },
};

function* given(resource: Resource, gift: Gift, own: ReadonlySet<string>, graph: ResourceGraph): Iterable<Hit> {
  const said = new Set<string>();
  for (const path of expanded(resource, [gift.path])) {
    const texts = textsOf(resource, path, gift);
    for (const text of texts) {
      const hit = said.has(text) || isNamedHere(text, gift, graph) ? undefined : toText(resource, path, text, gift, own);
      said.add(text);
      if (hit) yield hit;
    }
    if (texts.length === 0 && gift.stores !== undefined && resource.unknownAt(path) !== undefined && resource.isConfigured(path.slice(0, 1)) && !isMadeHere(resource, path)) {
      yield { address: resource.address, message: `${resource.address} ${gift.says} what the plan does not tell`, confidence: 'possible' };
    }
  }
}

function toText(resource: Resource, path: AttributePath, text: string, { says, stores }: Gift, own: ReadonlySet<string>): Hit | undefined {
  const { address } = resource;
  if (text === '*' || text.toLowerCase() === 'all') return { address, message: `${address} ${says} every account`, severity: 'medium' };
  const account = accountIn(text);
  if (account === undefined ? stores === undefined || text.startsWith('arn:aws:organizations:') : own.has(account)) return undefined;
  if (isMadeHere(resource, path, stores)) return undefined;
  if (account === undefined) return { address, message: `${address} ${says} ${text}, which is not in the plan`, confidence: 'possible' };
  const whose = text === account ? `account ${account}` : `${text}, of account ${account}`;
  if (own.size > 0) return { address, message: `${address} ${says} ${whose}, and the plan is of ${[...own].sort().join(', ')}` };
  // An account number that stands by itself, or a bus that is named in full, is seldom one's own.
  return text === account || stores !== undefined || text.includes(':event-bus/') ? { address, message: `${address} ${says} ${whose}`, confidence: 'possible' } : undefined;
}

function textsOf(resource: Resource, path: AttributePath, { inside }: Gift): readonly string[] {
  const text = textAt(resource, path);
  if (text !== undefined && inside) return [...text.matchAll(inside)].map(([, name = '']) => name);
  return (text === undefined ? textsAt(resource, path) : [text]).filter((each) => each !== '');
}

/** Whether it is made by the plan, or its account is asked for: that of whoever applies it. */
function isMadeHere(resource: Resource, path: AttributePath, types?: readonly string[]): boolean {
  const { targets } = resource.references(path, types && types.length > 0 ? { types } : {});
  // An event target is itself what has such an `arn`.
  return targets.some((target) => target !== resource && (target.mode === 'managed' || target.type === 'aws_caller_identity'));
}

/** Before a bucket exists, its name is all that is known of it: of an ARN, or of `s3://name/folder`. */
function isNamedHere(text: string, { stores = [] }: Gift, graph: ResourceGraph): boolean {
  const name = /^(?:arn:aws[a-z-]*:s3:::|s3:\/\/)?([^/]+)/.exec(text)?.[1];
  return stores.includes('aws_s3_bucket') && graph.ofType('aws_s3_bucket').some((bucket) => textAt(bucket, 'bucket') === name);
}
